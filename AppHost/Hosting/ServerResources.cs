namespace WpAsis.AppHost.Hosting;

/// <summary>
/// PostgreSQL and RabbitMQ as containers. On a developer's machine they listen without TLS; in a deployment with nothing else, under
/// certificates of the operator, with 256-bit suites.
/// </summary>
internal static class ServerResources
{
    private const int Amqps = 5671;
    private const int ManagementTls = 15671;
    private const string PostgresFolder = "/etc/wpasis/postgres";
    private const string HostBasedAccess = """
        local all all scram-sha-256
        hostssl all all all scram-sha-256

        """;

    // From 4.3 on RabbitMQ refuses queues that die with their process, and every replica has one.
    private const string TemporaryQueues = """
        deprecated_features.permit.transient_nonexcl_queues = true

        """;

    private static string Listeners =>
        $"""
            listeners.tcp = none
            listeners.ssl.default = {Amqps}
            ssl_options.verify = verify_none
            {Tls("ssl_options.")}
            management.ssl.port = {ManagementTls}
            {Tls("management.ssl.")}
            log.console.level = warning

            """;

    /// <summary>PostgreSQL's settings.</summary>
    public static IResourceBuilder<PostgresServerResource> WithServer(
        this IResourceBuilder<PostgresServerResource> postgres,
        Deployment deployment
    )
    {
        postgres.WithSettings(ServerSettings.Postgres);
        if (!deployment.IsWritten)
            return postgres;
        postgres
            .WithSettings(ServerSettings.PostgresTls(Deployment.Certificate, Deployment.CertificateKey))
            .WithSettings([("hba_file", PostgresFolder + "/pg_hba.conf")])
            .WithEnvironment("OPENSSL_CONF", PostgresFolder + "/openssl.cnf")
            .WithContainerFiles(
                PostgresFolder,
                [
                    new ContainerFile { Name = "openssl.cnf", Contents = ServerSettings.OpenSsl },
                    new ContainerFile { Name = "pg_hba.conf", Contents = HostBasedAccess },
                ]
            );
        deployment.Apply(postgres, "pg_isready", "--username", "postgres");
        return postgres;
    }

    /// <summary>RabbitMQ's settings and listeners.</summary>
    public static IResourceBuilder<RabbitMQServerResource> WithServer(
        this IResourceBuilder<RabbitMQServerResource> bus,
        Deployment deployment
    )
    {
        if (!deployment.IsWritten)
            return bus.WithSettings(TemporaryQueues);
        bus.WithSettings(TemporaryQueues + Listeners)
            .WithEndpoint(bus.Resource.PrimaryEndpoint.EndpointName, endpoint => endpoint.TargetPort = Amqps)
            .WithEndpoint(
                bus.Resource.ManagementEndpoint.EndpointName,
                endpoint =>
                {
                    endpoint.TargetPort = ManagementTls;
                    endpoint.UriScheme = "https";
                }
            );
        deployment.Apply(bus, "rabbitmq-diagnostics", "--quiet", "ping");
        return bus;
    }

    private static IResourceBuilder<RabbitMQServerResource> WithSettings(
        this IResourceBuilder<RabbitMQServerResource> bus,
        string settings
    ) => bus.WithContainerFiles("/etc/rabbitmq/conf.d", [new ContainerFile { Name = "20-wpasis.conf", Contents = settings }]);

    // The image's program takes settings as arguments.
    private static IResourceBuilder<PostgresServerResource> WithSettings(
        this IResourceBuilder<PostgresServerResource> postgres,
        IEnumerable<(string Name, string Value)> settings
    ) => postgres.WithArgs([.. settings.SelectMany(setting => new[] { "-c", $"{setting.Name}={setting.Value}" })]);

    private static string Tls(string prefix) =>
        ServerSettings.RabbitTls(prefix, Deployment.Authorities, Deployment.Certificate, Deployment.CertificateKey);
}
