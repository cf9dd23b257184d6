using WpAsis.AppHost;

var builder = DistributedApplication.CreateBuilder(args);
builder.AddDockerComposeEnvironment("compose");

var postgres = builder.AddPostgres("postgres").WithImageTag("15").WithDataVolume("wpasis-postgres");
var bus = builder.AddRabbitMQ("rabbitmq").WithManagementPlugin().WithDataVolume("wpasis-rabbitmq");
var parameters = Topology
    .Services.SelectMany(service => service.Parameters)
    .DistinctBy(parameter => parameter.Name)
    .ToDictionary(
        parameter => parameter.Name,
        parameter => builder.AddParameter(parameter.Name, parameter.Secret).WithDescription(parameter.Description)
    );

var setup = builder.AddProject<Projects.Setup>("setup").WaitFor(postgres).WaitFor(bus);
setup.WithReferenceEnvironment(ReferenceEnvironmentInjectionFlags.ConnectionString).WithReference(postgres).WithReference(bus);

var services = Topology.Services.ToDictionary(
    service => service.Name,
    service =>
        builder.AddProject(
            service.Name,
            Path.Combine(builder.AppHostDirectory, "..", "services", service.Project, service.Project + ".csproj")
        )
);
foreach (var service in Topology.Services)
{
    var project = services[service.Name].WithHttpHealthCheck("/health").WaitForCompletion(setup);
    foreach (var parameter in service.Parameters)
        project.WithEnvironment(parameter.Variable, parameters[parameter.Name]);
    foreach (var callee in service.Calls)
        project.WithReference(services[callee]);
    // Aspire's development defaults put message content and query strings into telemetry.
    foreach (var variable in ContentCaptureVariables)
        project.WithEnvironment(variable, "false");
}

await builder.Build().RunAsync();

internal static partial class Program
{
    private static readonly string[] ContentCaptureVariables =
    [
        "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT",
        "OTEL_DOTNET_EXPERIMENTAL_ASPNETCORE_DISABLE_URL_QUERY_REDACTION",
        "OTEL_DOTNET_EXPERIMENTAL_HTTPCLIENT_DISABLE_URL_QUERY_REDACTION",
    ];
}
