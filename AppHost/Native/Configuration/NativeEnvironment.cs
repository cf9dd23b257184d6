using WpAsis.AppHost.Native.Ports;
using WpAsis.AppHost.Native.Running;
using WpAsis.AppHost.Native.Servers;

namespace WpAsis.AppHost.Native.Configuration;

/// <summary>
/// The environment of each process, as AppHost gives it too. A process begins with little of ours, so that a variable of somebody's shell
/// does not decide how the system runs.
/// </summary>
public sealed class NativeEnvironment(
    NativeOptions options,
    PortBlock ports,
    LocalCertificates certificates,
    LocalSecrets secrets,
    ParameterValues parameters,
    Demonstration demonstration
)
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
        var variables = Common($"{ports.PublicUrl(service, replica)};{ports.ManagementUrl(service, replica)}");
        variables["Management__Port"] = Text(ports.Management(service, replica));
        variables["OTEL_SERVICE_NAME"] = service.Name;
        variables["OTEL_RESOURCE_ATTRIBUTES"] = $"service.instance.id={service.Name}-{replica}";
        variables["Auth__Authority"] = ports.PublicUrl(Topology.Service("identity"));
        variables["Auth__ClientSecret"] = ClientSecret(service.Name);
        variables["KeyRings__Own"] = PrivateFolder.Create(options.Folder, "keys", service.Name);
        if (service.ReadsContent)
            variables["KeyRings__Content"] = PrivateFolder.Create(options.Folder, "keys", Topology.ContentRing);
        if (service.HasDatabase)
        {
            foreach (var role in Topology.Roles.Where(role => role != "owner"))
                variables[$"ConnectionStrings__{service.ConnectionName(role)}"] = DatabaseConnection(service, role);
        }
        if (service.UsesBus)
            variables["ConnectionStrings__rabbitmq"] = BusAddress(service);
        foreach (var callee in service.Calls.Select(Topology.Service))
        {
            for (var other = 1; other <= ports.Replicas; other++)
                variables[$"services__{callee.Name}__https__{other - 1}"] = ports.PublicUrl(callee, other);
        }
        foreach (var parameter in service.Parameters)
            variables[parameter.Variable] = parameters[parameter];
        if (service.Name == "identity")
            AddClients(variables);
        return variables;
    }

    /// <summary>Of Setup, the only one that is told of the owners and the superuser.</summary>
    public Dictionary<string, string> OfSetup()
    {
        var variables = Common(urls: null);
        variables["ConnectionStrings__postgres"] = PrivatePostgres.Connect(
            ports.Postgres,
            certificates.Authority,
            "postgres",
            "postgres",
            secrets.Get("postgres")
        );
        variables["ConnectionStrings__bus-management"] =
            $"https://admin:{secrets.Get("rabbitmq")}@localhost:{Text(ports.Rabbit.Management)}";
        foreach (var service in Topology.Services)
        {
            foreach (var role in Topology.Roles.Where(_ => service.HasDatabase))
                variables[$"ConnectionStrings__{service.ConnectionName(role)}"] = DatabaseConnection(service, role);
            if (service.UsesBus)
                variables[$"ConnectionStrings__{service.Name}-bus"] = BusAddress(service);
        }
        return variables;
    }

    /// <summary>Of the provider sandbox.</summary>
    public Dictionary<string, string> OfSandbox()
    {
        var variables = Common(PortBlock.Url(ports.Sandbox));
        var gateway = Topology.Service("messaging-gateway");
        for (var replica = 1; replica <= ports.Replicas; replica++)
            variables[$"Sandbox__WebhookUrls__{replica - 1}"] = $"{ports.PublicUrl(gateway, replica)}/webhooks/whatsapp";
        variables["Sandbox__AppSecret"] = parameters[Parameters.WhatsAppAppSecret];
        variables["Sandbox__VerifyToken"] = parameters[Parameters.WhatsAppVerifyToken];
        variables["Sandbox__SmtpPort"] = Text(ports.MailRelay);
        variables["Sandbox__RunFile"] = RunFile.PathIn(options.Folder);
        variables["Sandbox__Numbers__0__PhoneNumberId"] = demonstration.PhoneNumberId;
        variables["Sandbox__Numbers__0__WabaId"] = demonstration.WabaId;
        variables["Sandbox__Numbers__0__DisplayPhoneNumber"] = demonstration.DisplayPhoneNumber;
        variables["Sandbox__Numbers__0__AccessToken"] = demonstration.AccessToken;
        variables["Sandbox__Numbers__0__VerifiedName"] = demonstration.VerifiedName;
        return variables;
    }

    /// <summary>A role's connection string.</summary>
    public string DatabaseConnection(ServiceNode service, string role) =>
        PrivatePostgres.Connect(
            ports.Postgres,
            certificates.Authority,
            service.Database,
            service.Role(role),
            secrets.Get($"role-{service.Role(role)}")
        );

    private string BusAddress(ServiceNode service)
    {
        var password = secrets.Get($"bus-{service.Name}");
        return PrivateRabbit.Address(ports.Rabbit.Amqps, PrivateRabbit.VirtualHost, service.Name, password).ToString();
    }

    /// <summary>Client secret of the operator's credential.</summary>
    public string OperatorSecret => ClientSecret("operator");

    private string ClientSecret(string client) => secrets.Get($"client-{client}");

    private void AddClients(Dictionary<string, string> variables)
    {
        var console = ports.PublicUrl(Topology.Service("console"));
        foreach (var service in Topology.Services)
            variables[$"Clients__{service.Name}__Secret"] = ClientSecret(service.Name);
        variables["Clients__operator__Secret"] = OperatorSecret;
        variables["Clients__console__RedirectUri"] = console;
        variables["PublicUrls__Console"] = console;
        if (options.HasSandbox)
            variables["Clients__sandbox__RedirectUri"] = $"{PortBlock.Url(ports.Sandbox)}/callback";
    }

    private Dictionary<string, string> Common(string? urls)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
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
