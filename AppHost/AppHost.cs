using WpAsis.AppHost;
using WpAsis.AppHost.Hosting;

var builder = DistributedApplication.CreateBuilder(args);

// Its dashboard would receive telemetry without TLS: a deployment names a collector of its own instead.
builder.AddDockerComposeEnvironment("compose").WithDashboard(enabled: false).ConfigureEnvFile(Deployment.Describe);
var deployment = new Deployment(builder);

// Where the image keeps its data depends on its version: the tag comes before the volume.
var postgres = builder.AddPostgres("postgres").WithImageTag("15").WithDataVolume("wpasis-postgres").WithServer(deployment);
var bus = builder.AddRabbitMQ("rabbitmq").WithManagementPlugin().WithDataVolume("wpasis-rabbitmq").WithServer(deployment);
var databases = Topology
    .Services.Where(service => service.HasDatabase)
    .ToDictionary(service => service.Name, service => postgres.AddDatabase(service.Database), StringComparer.Ordinal);

// Roles, databases, migrations and bus users. Whoever needs them waits until it is done.
var setup = builder.AddProject<Projects.Setup>("setup").WaitFor(bus);
foreach (var database in databases.Values)
    setup.WaitFor(database);

var services = new[]
{
    builder.AddService<Projects.Console>("console"),
    builder.AddService<Projects.Identity>("identity"),
    builder.AddService<Projects.MessagingGateway>("messaging-gateway"),
    builder.AddService<Projects.AiResponder>("ai-responder"),
    builder.AddService<Projects.Billing>("billing"),
    builder.AddService<Projects.DataSubjectRequest>("data-subject-request"),
}.ToDictionary(service => service.Resource.Name, StringComparer.Ordinal);

// Meta, the model, Stripe and the mail relay: the sandbox on a developer's machine, the operator's own everywhere else.
var secrets = new GeneratedSecrets(builder);
var sandbox = builder.HasSandbox() ? builder.AddSandbox<Projects.Sandbox>() : null;
var providers = sandbox is null ? Providers.OfOperator(builder) : Providers.OfSandbox(builder, sandbox, secrets);

var environment = new AspireEnvironment(deployment, postgres, bus, services, sandbox, providers, secrets);
sandbox?.WithSettings(environment.SettingsOfSandbox(sandbox.Values()));
setup.WithSettings(environment.SettingsOfSetup()).WithDeployment(deployment);
foreach (var node in Topology.Services)
{
    var service = services[node.Name].WaitForCompletion(setup);
    service.WithReferenceEnvironment(ReferenceEnvironmentInjectionFlags.ServiceDiscovery);
    foreach (var callee in node.Calls)
        service.WithReference(services[callee]);
    if (node.HasDatabase)
        service.WithReferenceRelationship(databases[node.Name]).WithOperatorCommands(node, environment.OperatorToken);
    if (node.UsesBus)
        service.WithReferenceRelationship(bus);
    service.WithSettings(environment.SettingsOf(node)).WithoutContentCapture().WithDeployment(deployment, node);
}

await builder.Build().RunAsync();
