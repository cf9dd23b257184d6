namespace WpAsis.AppHost.Hosting;

/// <summary>
/// What Aspire tells each process. On a developer's machine PostgreSQL and RabbitMQ are reached without TLS; a deployment verifies them.
/// </summary>
internal sealed class AspireEnvironment(
    Deployment deployment,
    IResourceBuilder<PostgresServerResource> postgres,
    IResourceBuilder<RabbitMQServerResource> bus,
    IReadOnlyDictionary<string, IResourceBuilder<ProjectResource>> services,
    IResourceBuilder<ProjectResource>? sandbox,
    Providers providers,
    GeneratedSecrets secrets
) : ProcessEnvironment<object>
{
    private const string VirtualHost = "wpasis";

    /// <summary>The credential of the commands on the resources.</summary>
    public OperatorToken OperatorToken => new(services["identity"].Endpoint(), OperatorSecret);

    /// <inheritdoc />
    protected override object Superuser => Connect("postgres", "postgres", postgres.Resource.PasswordParameter);

    /// <inheritdoc />
    protected override object BusManagement
    {
        get
        {
            var scheme = deployment.IsWritten ? "https" : "http";
            var server = bus.Resource;
            var address = server.ManagementEndpoint.Property(EndpointProperty.HostAndPort);
            return ReferenceExpression.Create($"{scheme}://{server.UserNameReference}:{server.PasswordParameter:uri}@{address}");
        }
    }

    /// <inheritdoc />
    protected override object? SandboxCallback => sandbox is null ? null : ReferenceExpression.Create($"{sandbox.Endpoint()}/callback");

    private ParameterResource OperatorSecret =>
        secrets.Get("operators-client-secret", "Secret of the operators' client at the issuer, for the commands on the resources.");

    /// <inheritdoc />
    protected override object PublicAddress(ServiceNode service) =>
        deployment.IsWritten ? deployment.PublicAddress(service) : services[service.Name].Endpoint();

    // As an expression: Compose publishing drops a bare https endpoint from discovery.
    /// <inheritdoc />
    protected override IEnumerable<object> Addresses(ServiceNode service, string path) =>
        [ReferenceExpression.Create($"{services[service.Name].Endpoint()}{path}")];

    /// <inheritdoc />
    protected override object Database(ServiceNode service, string role)
    {
        var name = service.Role(role);
        var password = secrets.Get($"{service.Name}-{role}-password", $"Password of the PostgreSQL role {name}.");
        return Connect(service.Database, name, password);
    }

    /// <inheritdoc />
    protected override object Bus(ServiceNode service)
    {
        var scheme = deployment.IsWritten ? "amqps" : "amqp";
        var password = secrets.Get($"{service.Name}-bus-password", $"Password of the RabbitMQ user {service.Name}.");
        var address = bus.Resource.PrimaryEndpoint.Property(EndpointProperty.HostAndPort);
        return ReferenceExpression.Create($"{scheme}://{service.Name}:{password:uri}@{address}/{VirtualHost}");
    }

    /// <inheritdoc />
    protected override object KeyRing(string ring) => deployment.IsWritten ? $"{Deployment.Keys}/{ring}" : LocalFolder.PathOf("keys", ring);

    /// <inheritdoc />
    protected override object ClientSecret(string client) =>
        client == OperatorClient ? OperatorSecret : secrets.Get($"{client}-client-secret", $"Secret of {client} at the issuer.");

    /// <inheritdoc />
    protected override object Value(Parameter parameter) => providers[parameter];

    private ReferenceExpression Connect(string database, string user, ParameterResource password)
    {
        var server = postgres.Resource;
        var tls = deployment.IsWritten ? ";SSL Mode=VerifyFull" : "";
        return ReferenceExpression.Create(
            $"Host={server.Host};Port={server.Port};Database={database};Username={user};Password={password}{tls}"
        );
    }
}
