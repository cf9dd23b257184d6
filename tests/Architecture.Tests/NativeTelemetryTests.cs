using WpAsis.AppHost;
using WpAsis.AppHost.Native.Configuration;
using WpAsis.AppHost.Native.Ports;
using WpAsis.AppHost.Native.Running;
using WpAsis.AppHost.Native.Servers;

namespace WpAsis.Architecture.Tests;

/// <summary>Who looks at a run in a dashboard of their own sets the exporter's variables once, and every process has them.</summary>
public sealed class NativeTelemetryTests : IDisposable
{
    private static readonly Dictionary<string, string> Exporter = new(StringComparer.Ordinal)
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "https://localhost:1",
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        ["OTEL_EXPORTER_OTLP_HEADERS"] = "x-otlp-api-key=test",
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("native-").FullName;

    [Fact]
    public void The_exporters_variables_reach_every_process_and_those_that_open_content_reach_none()
    {
        var options = new NativeOptions { Root = _folder, Folder = _folder };
        var ports = new PortBlock(7_100, 2);
        var secrets = new LocalSecrets(Path.Combine(_folder, "secrets.json"));
        var environment = new NativeEnvironment(
            options,
            ports,
            LocalCertificates.Ensure(_folder, TimeProvider.System),
            secrets,
            ParameterValues.OfSandbox(ports, secrets),
            new Demonstration(secrets)
        );
        const string Capture = "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT";
        List<Dictionary<string, string>> processes;
        try
        {
            foreach (var (name, value) in Exporter)
                Environment.SetEnvironmentVariable(name, value);
            Environment.SetEnvironmentVariable(Capture, "true");
            processes =
            [
                .. Topology.Services.SelectMany(service => new[] { environment.OfService(service, 1), environment.OfService(service, 2) }),
                environment.OfSandbox(),
            ];
        }
        finally
        {
            foreach (var name in Exporter.Keys.Append(Capture))
                Environment.SetEnvironmentVariable(name, null);
        }

        foreach (var process in processes)
        {
            foreach (var (name, value) in Exporter)
                process[name].ShouldBe(value);
            process.ShouldNotContainKey(Capture);
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
