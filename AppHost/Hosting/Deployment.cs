using Aspire.Hosting.Docker;
using Aspire.Hosting.Docker.Resources.ComposeNodes;
using Aspire.Hosting.Docker.Resources.ServiceNodes;
using Aspire.Hosting.Docker.Resources.ServiceNodes.Swarm;

namespace WpAsis.AppHost.Hosting;

/// <summary>
/// What a written deployment needs and a developer's run does not: Production, certificates and key rings from folders of the operator,
/// public addresses, a collector. Every process listens with TLS and verifies whom it calls.
/// </summary>
internal sealed class Deployment
{
    /// <summary>Port of a service inside its container.</summary>
    public const int PublicPort = 8443;

    /// <summary>Port for health and operators inside its container.</summary>
    public const int ManagementPort = 9443;

    /// <summary>Where the key rings of a process are, one folder each.</summary>
    public const string Keys = "/var/lib/wpasis/keys";

    /// <summary>Whom a process trusts.</summary>
    public const string Authorities = Tls + "/authorities.pem";

    /// <summary>The certificate of a process.</summary>
    public const string Certificate = Tls + "/certificate.pem";

    /// <summary>Its private key.</summary>
    public const string CertificateKey = Tls + "/certificate.key";

    private const string Tls = "/etc/wpasis/tls";
    private readonly IDistributedApplicationBuilder _builder;
    private readonly Dictionary<string, ParameterResource> _parameters = new(StringComparer.Ordinal);

    public Deployment(IDistributedApplicationBuilder builder)
    {
        _builder = builder;
        if (!IsWritten)
            return;
        Add("identity-url", "Address at which browsers and services reach identity, for example https://id.example.com.");
        Add("console-url", "Address at which browsers reach the console, for example https://app.example.com.");
        Add("data-subject-request-url", "Address of the pages about people's data, for example https://privacy.example.com.");
        Add("tls-folder", "Folder on the host with a folder per process: certificate.pem, certificate.key, authorities.pem.");
        Add("keys-folder", "Folder on the host with a folder per key ring, 0700, owned by the user of the service's container.");
        Add("otlp-endpoint", "Address of the OpenTelemetry collector (https, gRPC); empty: no telemetry leaves the processes.");
        Add("otlp-headers", "Headers for the collector, for example an API key; may be empty.", secret: true);
    }

    /// <summary>Whether a deployment is being written; else this machine runs the system.</summary>
    public bool IsWritten => _builder.ExecutionContext.IsPublishMode;

    /// <summary>Address of a service for the world.</summary>
    public ParameterResource PublicAddress(ServiceNode service) => _parameters[$"{service.Name}-url"];

    /// <summary>Says beside each value of the environment file what it is.</summary>
    public static void Describe(IDictionary<string, CapturedEnvironmentVariable> variables)
    {
        foreach (var variable in variables.Values)
        {
            if (variable.Source is ParameterResource { Description: { } description })
                variable.Description = description;
        }
    }

    /// <summary>Gives a project what it needs in a deployment. A service listens and has rings, Setup (no node) does not.</summary>
    public void Apply(IResourceBuilder<ProjectResource> project, ServiceNode? node)
    {
        if (!IsWritten)
            return;
        project
            .WithEnvironment("DOTNET_ENVIRONMENT", "Production")
            .WithEnvironment("SSL_CERT_FILE", Authorities)
            .PublishAsDockerComposeService((resource, service) => MountTls(resource, service));
        if (node is null)
            return;
        var port = project.GetEndpoint(ServiceResources.Management).Property(EndpointProperty.TargetPort);
        project
            .WithEnvironment("ASPNETCORE_ENVIRONMENT", "Production")
            // The image listens without TLS unless it is told every address.
            .WithEnvironment("ASPNETCORE_URLS", $"https://+:{project.Endpoint().Property(EndpointProperty.TargetPort)};https://+:{port}")
            .WithEnvironment("Kestrel__Certificates__Default__Path", Certificate)
            .WithEnvironment("Kestrel__Certificates__Default__KeyPath", CertificateKey)
            .WithEnvironment("OTEL_EXPORTER_OTLP_ENDPOINT", _builder.CreateResourceBuilder(_parameters["otlp-endpoint"]))
            .WithEnvironment("OTEL_EXPORTER_OTLP_HEADERS", _builder.CreateResourceBuilder(_parameters["otlp-headers"]))
            .PublishAsDockerComposeService(
                (resource, service) =>
                {
                    service.Restart = "unless-stopped";
                    service.Deploy = new Deploy { Replicas = _builder.Replicas() };
                    MountRing(resource, service, node.Name);
                    if (node.ReadsContent)
                        MountRing(resource, service, Topology.ContentRing);
                }
            );
    }

    /// <summary>Gives a server what it needs in a deployment: its certificate, a name that lasts, a health check.</summary>
    public void Apply<TServer>(IResourceBuilder<TServer> server, params string[] check)
        where TServer : ContainerResource =>
        server.PublishAsDockerComposeService(
            (resource, service) =>
            {
                service.Restart = "unless-stopped";
                service.Hostname = service.Name;
                service.Healthcheck = new Healthcheck
                {
                    Test = ["CMD", .. check],
                    Interval = "10s",
                    Timeout = "10s",
                    StartPeriod = "60s",
                    Retries = 6,
                };
                MountTls(resource, service);
            }
        );

    private void Add(string name, string description, bool secret = false) =>
        _parameters.Add(name, _builder.AddParameter(name, secret).WithDescription(description).Resource);

    private void MountTls(DockerComposeServiceResource resource, Service service)
    {
        // The driver's own rotation bounds what a container's log keeps.
        service.Logging = new Logging { Driver = "local" };
        Mount(resource, service, "tls-folder", service.Name, Tls, readOnly: true);
    }

    private void MountRing(DockerComposeServiceResource resource, Service service, string ring) =>
        Mount(resource, service, "keys-folder", ring, $"{Keys}/{ring}", readOnly: false);

    private void Mount(DockerComposeServiceResource resource, Service service, string folder, string name, string target, bool readOnly) =>
        service.AddVolume(
            new Volume
            {
                Name = $"{folder}-{name}",
                Type = "bind",
                Source = $"{_parameters[folder].AsEnvironmentPlaceholder(resource)}/{name}",
                Target = target,
                ReadOnly = readOnly,
            }
        );
}

/// <summary>The deployment in the chain of a resource.</summary>
internal static class DeploymentExtensions
{
    /// <summary>Of a service, or of Setup.</summary>
    public static IResourceBuilder<ProjectResource> WithDeployment(
        this IResourceBuilder<ProjectResource> project,
        Deployment deployment,
        ServiceNode? node = null
    )
    {
        deployment.Apply(project, node);
        return project;
    }
}
