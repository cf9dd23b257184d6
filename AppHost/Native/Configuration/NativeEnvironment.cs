using WpAsis.AppHost.Native.Ports;
using WpAsis.AppHost.Native.Running;
using WpAsis.AppHost.Native.Servers;

namespace WpAsis.AppHost.Native.Configuration;

/// <summary>
/// The environment of each process. It begins with little of ours, so that a variable of somebody's shell does not decide how the system
/// runs.
/// </summary>
public sealed class NativeEnvironment(
    NativeOptions options,
    PortBlock ports,
    LocalCertificates certificates,
    LocalSecrets secrets,
    ParameterValues parameters,
    Demonstration demonstration
) : ProcessEnvironment<string>
{
    private static readonly string[] Inherited =
    [
        "PATH",
        "HOME",
        "USER",
        "LANG",
        "LC_ALL",
        "TZ",
        "TMPDIR",
        "HTTPS_PROXY",
        "HTTP_PROXY",
        "NO_PROXY",
        "NUGET_PACKAGES",
    ];
    private static readonly string[] InheritedPrefixes =
    [
        "DOTNET_",
        "OTEL_EXPORTER_OTLP_",
        "OTEL_METRIC_EXPORT_",
        "OTEL_BSP_",
        "Logging__",
    ];

    /// <summary>Of one replica of a service.</summary>
    public Dictionary<string, string> OfService(ServiceNode service, int replica)
    {
        var variables = Common($"{ports.PublicUrl(service, replica)};{ports.ManagementUrl(service, replica)}", SettingsOf(service));
        variables[ManagementPort] = Text(ports.Management(service, replica));
        variables["OTEL_SERVICE_NAME"] = service.Name;
        variables["OTEL_RESOURCE_ATTRIBUTES"] = $"service.instance.id={service.Name}-{replica}";
        return variables;
    }

    /// <summary>Of Setup, the only one that is told of the owners and the superuser.</summary>
    public Dictionary<string, string> OfSetup() => Common(urls: null, SettingsOfSetup());

    /// <summary>Of the provider sandbox.</summary>
    public Dictionary<string, string> OfSandbox() =>
        Common(
            $"{PortBlock.Url(ports.Sandbox)};{PortBlock.Url(ports.Stripe)}",
            SettingsOfSandbox(
                new()
                {
                    MailPort = Text(ports.MailRelay),
                    StripePort = Text(ports.Stripe),
                    RunFile = RunFile.PathIn(options.Folder),
                    PhoneNumberId = demonstration.PhoneNumberId,
                    WabaId = demonstration.WabaId,
                    DisplayPhoneNumber = demonstration.DisplayPhoneNumber,
                    AccessToken = demonstration.AccessToken,
                    VerifiedName = demonstration.VerifiedName,
                }
            )
        );

    /// <summary>A role's connection string.</summary>
    public string DatabaseConnection(ServiceNode service, string role) =>
        Connect(service.Database, service.Role(role), secrets.Get($"role-{service.Role(role)}"));

    /// <summary>Client secret of the operator's credential.</summary>
    public string OperatorSecret => ClientSecret(OperatorClient);

    /// <inheritdoc />
    protected override string Superuser => Connect("postgres", "postgres", secrets.Get("postgres"));

    /// <inheritdoc />
    protected override string BusManagement => $"https://admin:{secrets.Get("rabbitmq")}@localhost:{Text(ports.Rabbit.Management)}";

    /// <inheritdoc />
    protected override string? SandboxCallback => options.HasSandbox ? $"{PortBlock.Url(ports.Sandbox)}/callback" : null;

    /// <inheritdoc />
    protected override string PublicAddress(ServiceNode service) => ports.PublicUrl(service);

    /// <inheritdoc />
    protected override IEnumerable<string> Addresses(ServiceNode service, string path) =>
        Enumerable.Range(1, ports.Replicas).Select(replica => ports.PublicUrl(service, replica) + path);

    /// <inheritdoc />
    protected override string Database(ServiceNode service, string role) => DatabaseConnection(service, role);

    /// <inheritdoc />
    protected override string Bus(ServiceNode service)
    {
        var password = secrets.Get($"bus-{service.Name}");
        return PrivateRabbit.Address(ports.Rabbit.Amqps, PrivateRabbit.VirtualHost, service.Name, password).ToString();
    }

    /// <inheritdoc />
    protected override string KeyRing(string ring) => PrivateFolder.Create(options.Folder, "keys", ring);

    /// <inheritdoc />
    protected override string ClientSecret(string client) => secrets.Get($"client-{client}");

    /// <inheritdoc />
    protected override string Value(Parameter parameter) => parameters[parameter];

    private string Connect(string database, string user, string password) =>
        PrivatePostgres.Connect(ports.Postgres, certificates.Authority, database, user, password);

    private Dictionary<string, string> Common(string? urls, Dictionary<string, string> variables)
    {
        foreach (System.Collections.DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            var name = (string)variable.Key;
            if (
                Inherited.Contains(name, StringComparer.Ordinal)
                || InheritedPrefixes.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal))
            )
                variables[name] = (string?)variable.Value ?? "";
        }
        variables.Remove("DOTNET_LAUNCH_PROFILE");
        variables["SSL_CERT_FILE"] = certificates.Bundle;
        variables["ASPNETCORE_ENVIRONMENT"] = "Development";
        variables["DOTNET_ENVIRONMENT"] = "Development";
        variables["Clock__File"] = Path.Combine(options.Folder, "clock");
        if (urls is null)
            return variables;
        variables["ASPNETCORE_URLS"] = urls;
        variables["Kestrel__Certificates__Default__Path"] = certificates.Certificate;
        variables["Kestrel__Certificates__Default__KeyPath"] = certificates.Key;
        return variables;
    }

    private static string Text(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
