extern alias Native;

using Native::WpAsis.AppHost.Native.Configuration;
using Native::WpAsis.AppHost.Native.Ports;
using Native::WpAsis.AppHost.Native.Running;
using Native::WpAsis.AppHost.Native.Servers;
using NativeTopology = Native::WpAsis.AppHost.Topology;

namespace WpAsis.AppHost.Tests;

/// <summary>The variables that Native gives a process.</summary>
internal sealed class NativeNames : IDisposable
{
    private static readonly string[] Hosting = ["Kestrel__", "Logging__"];
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wpasis-apphost-");
    private readonly NativeEnvironment _environment;

    public NativeNames()
    {
        var options = new NativeOptions { Root = _folder.FullName, Folder = _folder.FullName };
        var ports = new PortBlock(options.BasePort, options.Replicas);
        var secrets = new LocalSecrets(Path.Combine(_folder.FullName, "secrets.json"));
        _environment = new(
            options,
            ports,
            LocalCertificates.Ensure(Path.Combine(_folder.FullName, "tls"), TimeProvider.System),
            secrets,
            ParameterValues.OfSandbox(ports, secrets),
            new Demonstration(secrets)
        );
    }

    public IEnumerable<string> OfService(string name) => Ours(_environment.OfService(NativeTopology.Service(name), replica: 1));

    public IEnumerable<string> OfSetup() => Ours(_environment.OfSetup());

    public IEnumerable<string> OfSandbox() => Ours(_environment.OfSandbox());

    /// <summary>Settings of ours have sections. How a process listens and where it logs is the host's business.</summary>
    public static IEnumerable<string> Ours(Dictionary<string, string> variables) =>
        variables
            .Keys.Where(name => name.Contains("__", StringComparison.Ordinal))
            .Where(name => !Hosting.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)))
            .Order(StringComparer.Ordinal);

    public void Dispose() => _folder.Delete(recursive: true);
}
