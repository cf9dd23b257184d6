using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace WpAsis.AppHost.Hosting;

/// <summary>Services of the topology as projects: a public and a management endpoint, both HTTPS, and health on the latter.</summary>
internal static class ServiceResources
{
    /// <summary>Name of the endpoint for health and operators; nobody discovers it.</summary>
    public const string Management = "management";

    private const string Public = "https";

    // Aspire's development defaults put message content and query strings (the verify token) into telemetry.
    private static readonly string[] ContentCapture =
    [
        "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT",
        "OTEL_DOTNET_EXPERIMENTAL_ASPNETCORE_DISABLE_URL_QUERY_REDACTION",
        "OTEL_DOTNET_EXPERIMENTAL_HTTPCLIENT_DISABLE_URL_QUERY_REDACTION",
    ];

    /// <summary>Adds a service at its port of the block; <c>--replicas</c> and <c>--base-port</c> as Native has them.</summary>
    public static IResourceBuilder<ProjectResource> AddService<TProject>(this IDistributedApplicationBuilder builder, string name)
        where TProject : IProjectMetadata, new()
    {
        var service = Topology.Service(name);
        var replicas = builder.Replicas();
        var project = builder
            .AddProject<TProject>(name, options => options.ExcludeLaunchProfile = true)
            .WithReplicas(replicas)
            .DisableForwardedHeaders();
        if (builder.ExecutionContext.IsPublishMode)
        {
            // Compose gives replicas a port of the host each: it can't be the same one.
            project
                .WithHttpsEndpoint(replicas == 1 ? builder.Port(service.PortOffset) : null, Deployment.PublicPort)
                .WithHttpsEndpoint(targetPort: Deployment.ManagementPort, name: Management)
                .WithEndpoint(Public, endpoint => endpoint.IsExternal = true);
        }
        else
        {
            project
                .WithHttpsEndpoint(builder.Port(service.PortOffset))
                .WithHttpsEndpoint(builder.Port(service.PortOffset + Topology.ManagementOffset), name: Management)
                .WithEnvironment("ASPNETCORE_ENVIRONMENT", "Development")
                .WithEnvironment("DOTNET_ENVIRONMENT", "Development")
                .WithEnvironment("Clock__File", LocalFolder.PathOf("clock"));
        }
        return project
            .WithEndpoint(Management, endpoint => endpoint.ExcludeReferenceEndpoint = true)
            .WithHttpHealthCheck("/health", endpointName: Management)
            .WithEnvironment(
                ProcessEnvironment<object>.ManagementPort,
                project.GetEndpoint(Management).Property(EndpointProperty.TargetPort)
            );
    }

    /// <summary>The public endpoint.</summary>
    public static EndpointReference Endpoint(this IResourceBuilder<ProjectResource> project) => project.GetEndpoint(Public);

    /// <summary>A port of the block.</summary>
    public static int Port(this IDistributedApplicationBuilder builder, int offset) =>
        builder.Configuration.GetValue("base-port", Topology.DefaultBasePort) + offset;

    /// <summary>How many of each service.</summary>
    public static int Replicas(this IDistributedApplicationBuilder builder) => builder.Configuration.GetValue("replicas", 1);

    /// <summary>Tells a process its settings.</summary>
    public static IResourceBuilder<ProjectResource> WithSettings(
        this IResourceBuilder<ProjectResource> project,
        IReadOnlyDictionary<string, object> settings
    ) =>
        project.WithEnvironment(context =>
        {
            foreach (var (name, value) in settings)
                context.EnvironmentVariables[name] = value;
        });

    /// <summary>Overrides what Aspire sets on a developer's machine.</summary>
    public static IResourceBuilder<ProjectResource> WithoutContentCapture(this IResourceBuilder<ProjectResource> project)
    {
        foreach (var variable in ContentCapture)
            project.WithEnvironment(variable, "false");
        return project;
    }

    /// <summary>An address on this machine.</summary>
    public static string LocalUrl(int port) => string.Create(CultureInfo.InvariantCulture, $"https://localhost:{port}");
}
