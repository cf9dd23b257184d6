namespace WpAsis.AppHost;

/// <summary>
/// What each process is told by its environment: the one place for the names of the variables and for who is told what. Native gives
/// strings, AppHost expressions that become strings when a process starts or a deployment is written.
/// </summary>
/// <typeparam name="TValue">Form of a value.</typeparam>
public abstract class ProcessEnvironment<TValue>
{
    /// <summary>The operators' client at the issuer.</summary>
    public const string OperatorClient = "operators";

    /// <summary>Variable with the port on which health and operators' endpoints answer.</summary>
    public const string ManagementPort = "Management__Port";

    /// <summary>Of a service. Nothing of another's database, ring or bus user, and never an owner or a superuser.</summary>
    public Dictionary<string, TValue> SettingsOf(ServiceNode service)
    {
        var settings = new Dictionary<string, TValue>(StringComparer.Ordinal)
        {
            ["Auth__Authority"] = PublicAddress(Topology.Service("identity")),
            ["Auth__ClientSecret"] = ClientSecret(service.Name),
            ["KeyRings__Own"] = KeyRing(service.Name),
        };
        if (service.ReadsContent)
            settings["KeyRings__Content"] = KeyRing(Topology.ContentRing);
        if (service.HasDatabase)
        {
            foreach (var role in Topology.Roles.Where(role => role != "owner"))
                settings[Connection(service.ConnectionName(role))] = Database(service, role);
        }
        if (service.UsesBus)
            settings[Connection("rabbitmq")] = Bus(service);
        foreach (var callee in service.Calls)
            AddAddresses(settings, $"services__{callee}__https", callee, path: "");
        foreach (var parameter in service.Parameters)
            settings[parameter.Variable] = Value(parameter);
        if (service.Name == "identity")
            AddClients(settings);
        // Mails and payment pages lead back to it.
        if (service.Name is "identity" or "billing")
            settings["PublicUrls__Console"] = PublicAddress(Topology.Service("console"));
        // The foot of every page leads to what people may ask about their data.
        if (service.Name is "console" or "identity" or "data-subject-request")
            settings["PublicUrls__Privacy"] = PublicAddress(Topology.Service("data-subject-request"));
        return settings;
    }

    /// <summary>Of Setup, the only one that is told of the owners and the superuser.</summary>
    public Dictionary<string, TValue> SettingsOfSetup()
    {
        var settings = new Dictionary<string, TValue>(StringComparer.Ordinal)
        {
            [Connection("postgres")] = Superuser,
            [Connection("bus-management")] = BusManagement,
        };
        foreach (var service in Topology.Services)
        {
            foreach (var role in Topology.Roles.Where(_ => service.HasDatabase))
                settings[Connection(service.ConnectionName(role))] = Database(service, role);
            if (service.UsesBus)
                settings[Connection($"{service.Name}-bus")] = Bus(service);
        }
        return settings;
    }

    /// <summary>Of the provider sandbox: it signs with the secrets that the services verify with.</summary>
    public Dictionary<string, TValue> SettingsOfSandbox(SandboxValues<TValue> sandbox)
    {
        var settings = new Dictionary<string, TValue>(StringComparer.Ordinal)
        {
            ["Sandbox__AppSecret"] = Value(Parameters.WhatsAppAppSecret),
            ["Sandbox__VerifyToken"] = Value(Parameters.WhatsAppVerifyToken),
            ["Sandbox__SmtpPort"] = sandbox.MailPort,
            ["Sandbox__RunFile"] = sandbox.RunFile,
            ["Sandbox__Stripe__Port"] = sandbox.StripePort,
            ["Sandbox__Stripe__Key"] = Value(Parameters.StripeKey),
            ["Sandbox__Stripe__WebhookSecret"] = Value(Parameters.StripeWebhookSecret),
            ["Sandbox__Numbers__0__PhoneNumberId"] = sandbox.PhoneNumberId,
            ["Sandbox__Numbers__0__WabaId"] = sandbox.WabaId,
            ["Sandbox__Numbers__0__DisplayPhoneNumber"] = sandbox.DisplayPhoneNumber,
            ["Sandbox__Numbers__0__AccessToken"] = sandbox.AccessToken,
            ["Sandbox__Numbers__0__VerifiedName"] = sandbox.VerifiedName,
        };
        AddAddresses(settings, "Sandbox__WebhookUrls", "messaging-gateway", "/webhooks/whatsapp");
        AddAddresses(settings, "Sandbox__Stripe__WebhookUrls", "billing", "/webhooks/stripe");
        return settings;
    }

    /// <summary>Connection string of PostgreSQL's superuser.</summary>
    protected abstract TValue Superuser { get; }

    /// <summary>RabbitMQ's management API with its administrator.</summary>
    protected abstract TValue BusManagement { get; }

    /// <summary>Where the sandbox's phone ends its sign-in; none where there is no sandbox.</summary>
    protected abstract TValue? SandboxCallback { get; }

    /// <summary>Where people and Meta reach a service.</summary>
    protected abstract TValue PublicAddress(ServiceNode service);

    /// <summary>Where others on this network reach a path of it, replica by replica.</summary>
    protected abstract IEnumerable<TValue> Addresses(ServiceNode service, string path);

    /// <summary>Connection string of a role.</summary>
    protected abstract TValue Database(ServiceNode service, string role);

    /// <summary>AMQP address of a service's user.</summary>
    protected abstract TValue Bus(ServiceNode service);

    /// <summary>Folder of a ring.</summary>
    protected abstract TValue KeyRing(string ring);

    /// <summary>What a client shows to the issuer.</summary>
    protected abstract TValue ClientSecret(string client);

    /// <summary>What the operator, or the sandbox, supplies.</summary>
    protected abstract TValue Value(Parameter parameter);

    private static string Connection(string name) => $"ConnectionStrings__{name}";

    private void AddAddresses(Dictionary<string, TValue> settings, string variable, string service, string path)
    {
        foreach (var (index, address) in Addresses(Topology.Service(service), path).Index())
            settings[FormattableString.Invariant($"{variable}__{index}")] = address;
    }

    private void AddClients(Dictionary<string, TValue> settings)
    {
        foreach (var client in Topology.Services.Select(service => service.Name).Append(OperatorClient))
            settings[$"Clients__{client}__Secret"] = ClientSecret(client);
        settings["Clients__console__RedirectUri"] = PublicAddress(Topology.Service("console"));
        if (SandboxCallback is { } callback)
            settings["Clients__sandbox__RedirectUri"] = callback;
    }
}

/// <summary>What only whoever starts the sandbox knows.</summary>
/// <typeparam name="TValue">Form of a value.</typeparam>
public sealed class SandboxValues<TValue>
{
    /// <summary>Port of its mail relay.</summary>
    public required TValue MailPort { get; init; }

    /// <summary>Port at which callers reach its Stripe.</summary>
    public required TValue StripePort { get; init; }

    /// <summary>Path of the file that says where everything listens.</summary>
    public required TValue RunFile { get; init; }

    /// <summary>Meta's id of the demonstration's number.</summary>
    public required TValue PhoneNumberId { get; init; }

    /// <summary>Meta's id of its business account.</summary>
    public required TValue WabaId { get; init; }

    /// <summary>The number as people read it.</summary>
    public required TValue DisplayPhoneNumber { get; init; }

    /// <summary>The token with which the gateway sends for it.</summary>
    public required TValue AccessToken { get; init; }

    /// <summary>Name of the business.</summary>
    public required TValue VerifiedName { get; init; }
}
