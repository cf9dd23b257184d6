using Aspire.Hosting.ApplicationModel;

namespace WpAsis.AppHost.Tests;

public sealed class ModelTests
{
    private static readonly string[] Services = [.. Topology.Services.Select(service => service.Name)];

    [Fact]
    public async Task Every_service_of_the_topology_is_a_project_of_its_folder_and_nothing_else_but_setup_and_the_sandbox_is()
    {
        var model = await Model.RunAsync();
        var projects = model.Projects.Where(project => !project.Name.EndsWith("-rebuilder", StringComparison.Ordinal)).ToList();
        projects.Select(project => project.Name).ShouldBe([.. Services, "setup", "sandbox"], ignoreOrder: true);
        foreach (var service in Topology.Services)
        {
            var path = projects.Single(project => project.Name == service.Name).GetProjectMetadata().ProjectPath.Replace('\\', '/');
            path.ShouldEndWith($"/services/{service.Project}/{service.Project}.csproj");
        }
    }

    [Fact]
    public async Task A_deployment_has_no_sandbox()
    {
        var model = await Model.PublishAsync();
        model.Projects.Select(project => project.Name).ShouldBe([.. Services, "setup"], ignoreOrder: true);
        foreach (var project in model.Projects)
        {
            var environment = await model.EnvironmentOfAsync(project.Name);
            environment.ShouldNotContain(
                variable =>
                    variable.Key.Contains("sandbox", StringComparison.OrdinalIgnoreCase)
                    || variable.Value.Contains("sandbox", StringComparison.OrdinalIgnoreCase),
                project.Name
            );
        }
    }

    [Fact]
    public async Task The_sandbox_can_be_left_out_for_the_real_providers()
    {
        var model = await Model.BuildAsync(["--sandbox", "false"]);
        model.Resources.ShouldNotContain(resource => resource.Name == "sandbox");
        var environment = await model.EnvironmentOfAsync("messaging-gateway");
        environment["WhatsApp__GraphUrl"].ShouldBe("{whatsapp-graph-url.value}");
    }

    [Fact]
    public async Task Every_service_that_keeps_data_has_a_database_of_its_own_on_postgresql_15()
    {
        var model = await Model.RunAsync();
        var databases = model.Resources.OfType<PostgresDatabaseResource>().ToList();
        databases
            .Select(database => database.DatabaseName)
            .ShouldBe(Topology.Services.Where(service => service.HasDatabase).Select(service => service.Database), ignoreOrder: true);

        var server = model.Resources.OfType<PostgresServerResource>().Single();
        server.Annotations.OfType<ContainerImageAnnotation>().Last().Tag.ShouldBe("15");
        // Where version 15 keeps its data; later ones keep it elsewhere.
        server.Annotations.OfType<ContainerMountAnnotation>().Single().Target.ShouldBe("/var/lib/postgresql/data");
    }

    [Fact]
    public async Task Services_wait_until_setup_is_done_and_setup_until_the_servers_are_there()
    {
        var model = await Model.RunAsync();
        foreach (var service in Services)
        {
            var waits = model.Find(service).Annotations.OfType<WaitAnnotation>().ToList();
            waits.ShouldContain(wait => wait.Resource.Name == "setup" && wait.WaitType == WaitType.WaitForCompletion, service);
        }
        var setup = model.Find("setup").Annotations.OfType<WaitAnnotation>().Select(wait => wait.Resource.Name).ToList();
        setup.ShouldContain("rabbitmq", StringComparer.Ordinal);
        foreach (var service in Topology.Services.Where(service => service.HasDatabase))
            setup.ShouldContain(service.Database, StringComparer.Ordinal);
    }

    [Fact]
    public async Task Health_is_asked_on_the_management_port_which_nobody_discovers()
    {
        var model = await Model.RunAsync();
        foreach (var service in Topology.Services)
        {
            var project = (ProjectResource)model.Find(service.Name);
            var endpoints = project
                .Annotations.OfType<EndpointAnnotation>()
                .ToDictionary(endpoint => endpoint.Name, StringComparer.Ordinal);
            endpoints.Keys.ShouldBe(["https", "management"], ignoreOrder: true);
            endpoints.Values.ShouldAllBe(endpoint => endpoint.UriScheme == "https");
            endpoints["https"].Port.ShouldBe(Topology.DefaultBasePort + service.PortOffset);
            endpoints["management"].Port.ShouldBe(Topology.DefaultBasePort + service.PortOffset + Topology.ManagementOffset);
            endpoints["management"].ExcludeReferenceEndpoint.ShouldBeTrue();
            var check = project.Annotations.OfType<HealthCheckAnnotation>().ShouldHaveSingleItem(service.Name);
            check.Key.ShouldContain("management");
            check.Key.ShouldContain("/health");
        }
    }

    [Fact]
    public async Task Only_the_public_endpoints_leave_a_deployment()
    {
        var model = await Model.PublishAsync();
        var external = model
            .Resources.SelectMany(resource => resource.Annotations.OfType<EndpointAnnotation>())
            .Where(endpoint => endpoint.IsExternal)
            .ToList();
        external.Count.ShouldBe(Services.Length);
        external.ShouldAllBe(endpoint => endpoint.Name == "https");
    }

    [Fact]
    public async Task Replicas_and_ports_are_chosen_as_native_lets_one_choose_them()
    {
        var model = await Model.BuildAsync(["--replicas", "2", "--base-port", "8100"]);
        foreach (var service in Topology.Services)
        {
            var project = (ProjectResource)model.Find(service.Name);
            project.GetReplicaCount().ShouldBe(2);
            project.Annotations.OfType<EndpointAnnotation>().ShouldContain(endpoint => endpoint.Port == 8100 + service.PortOffset);
        }
    }

    [Fact]
    public async Task What_an_operator_supplies_says_what_it_is()
    {
        foreach (var model in new[] { await Model.PublishAsync(), await Model.BuildAsync(["--sandbox", "false"]) })
        {
            var parameters = model.Resources.OfType<ParameterResource>().ToList();
            foreach (var parameter in Topology.Services.SelectMany(service => service.Parameters).Where(IsTold))
            {
                var resource = parameters.Single(resource => resource.Name == parameter.Name);
                resource.Secret.ShouldBe(parameter.Secret);
                resource.Description.ShouldBe(parameter.Description);
            }
            parameters
                .Where(parameter => !parameter.Secret && string.IsNullOrEmpty(parameter.Description))
                .Select(parameter => parameter.Name)
                .ShouldBeEmpty();
        }

        // OpenAI is a resource of its own; its address is the default.
        static bool IsTold(Parameter parameter) => parameter != Parameters.ModelProvider && parameter != Parameters.ModelEndpoint;
    }
}
