using WpAsis.ServiceDefaults.Telemetry;

namespace WpAsis.AppHost.Tests;

public sealed class EnvironmentTests
{
    public static TheoryData<string, bool> Services
    {
        get
        {
            var data = new TheoryData<string, bool>();
            foreach (var service in Topology.Services)
            {
                data.Add(service.Name, false);
                data.Add(service.Name, true);
            }
            return data;
        }
    }

    [Fact]
    public async Task Each_process_is_told_what_native_tells_it_by_the_same_names()
    {
        using var native = new NativeNames();
        var model = await Model.RunAsync();
        foreach (var service in Topology.Services)
            NativeNames.Ours(await model.EnvironmentOfAsync(service.Name)).ShouldBe(native.OfService(service.Name), service.Name);
        // Setup lives in real time.
        NativeNames
            .Ours(await model.EnvironmentOfAsync("setup"))
            .ShouldBe(native.OfSetup().Except(["Clock__File"], StringComparer.Ordinal));
        NativeNames.Ours(await model.EnvironmentOfAsync("sandbox")).ShouldBe(native.OfSandbox());
    }

    [Theory]
    [MemberData(nameof(Services))]
    public async Task A_service_connects_as_its_own_roles_and_bus_user_and_as_nobody_else(string name, bool published)
    {
        var service = Topology.Service(name);
        var environment = await EnvironmentAsync(name, published);
        var connections = environment
            .Where(variable => variable.Key.StartsWith("ConnectionStrings__", StringComparison.Ordinal))
            .ToDictionary(variable => variable.Key["ConnectionStrings__".Length..], variable => variable.Value, StringComparer.Ordinal);
        string[] roles = service.HasDatabase ? ["app", "work", "log"] : [];
        string[] bus = service.UsesBus ? ["rabbitmq"] : [];
        connections.Keys.ShouldBe([.. roles.Select(service.ConnectionName), .. bus], ignoreOrder: true);
        foreach (var role in roles)
        {
            var connection = connections[service.ConnectionName(role)];
            connection.ShouldContain(
                $";Database={service.Database};Username={service.Role(role)};Password={{{name}-{role}-password.value}}"
            );
        }
        if (service.UsesBus)
            connections["rabbitmq"].ShouldContain($"://{name}:{{{name}-bus-password.value}}@");

        var secrets = string.Join('\n', environment.Values);
        secrets.ShouldNotContain("owner");
        secrets.ShouldNotContain("postgres-password");
        secrets.ShouldNotContain("rabbitmq-password");
    }

    [Theory]
    [MemberData(nameof(Services))]
    public async Task A_service_discovers_exactly_whom_it_calls_over_https(string name, bool published)
    {
        var environment = await EnvironmentAsync(name, published);
        var discovered = environment.Where(variable => variable.Key.StartsWith("services__", StringComparison.Ordinal)).ToList();
        discovered
            .Select(variable => variable.Key)
            .ShouldBe(Topology.Service(name).Calls.Select(callee => $"services__{callee}__https__0"), ignoreOrder: true);
        foreach (var callee in Topology.Service(name).Calls)
            environment[$"services__{callee}__https__0"].ShouldBe($"{{{callee}.bindings.https.url}}");
        // Aspire's second form of the same addresses and of the parts of connection strings is switched off.
        environment.Keys.ShouldNotContain(key => key.EndsWith("_HTTPS", StringComparison.Ordinal));
        environment.Keys.ShouldNotContain(key => key.EndsWith("_PASSWORD", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Services))]
    public async Task A_service_is_told_its_own_ring_and_the_content_ring_only_if_it_reads_content(string name, bool published)
    {
        var environment = await EnvironmentAsync(name, published);
        environment["KeyRings__Own"].ShouldEndWith("keys/" + name);
        environment.ContainsKey("KeyRings__Content").ShouldBe(Topology.Service(name).ReadsContent);
        if (Topology.Service(name).ReadsContent)
            environment["KeyRings__Content"].ShouldEndWith("keys/content");
        foreach (var other in Topology.Services.Where(other => other.Name != name))
            environment.Values.ShouldNotContain(value => value.EndsWith("keys/" + other.Name, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Services))]
    public async Task No_content_and_no_query_string_reaches_telemetry(string name, bool published)
    {
        var environment = await EnvironmentAsync(name, published);
        foreach (var variable in ContentCapture.Variables)
            environment[variable].ShouldBe("false", variable);
    }

    [Theory]
    [MemberData(nameof(Services))]
    public async Task A_service_is_told_its_parameters(string name, bool published)
    {
        var environment = await EnvironmentAsync(name, published);
        foreach (var parameter in Topology.Service(name).Parameters)
            environment[parameter.Variable].ShouldNotBeNullOrEmpty(parameter.Name);
    }

    [Fact]
    public async Task A_deployment_runs_as_production_and_verifies_every_hop()
    {
        foreach (var service in Topology.Services)
        {
            var environment = await EnvironmentAsync(service.Name, published: true);
            environment["ASPNETCORE_ENVIRONMENT"].ShouldBe("Production");
            environment["DOTNET_ENVIRONMENT"].ShouldBe("Production");
            environment["SSL_CERT_FILE"].ShouldBe("/etc/wpasis/tls/authorities.pem");
            environment["ASPNETCORE_URLS"].Split(';').ShouldAllBe(url => url.StartsWith("https://", StringComparison.Ordinal));
            environment.Keys.ShouldNotContain("HTTP_PORTS", StringComparer.Ordinal);
            environment.Keys.ShouldNotContain("ASPNETCORE_FORWARDEDHEADERS_ENABLED", StringComparer.Ordinal);
            foreach (var role in new[] { "app", "work", "log" }.Where(_ => service.HasDatabase))
                environment[$"ConnectionStrings__{service.ConnectionName(role)}"].ShouldEndWith(";SSL Mode=VerifyFull");
            if (service.UsesBus)
                environment["ConnectionStrings__rabbitmq"].ShouldStartWith("amqps://");
        }
        var setup = await EnvironmentAsync("setup", published: true);
        setup["ConnectionStrings__bus-management"].ShouldStartWith("https://");
        setup
            .Where(variable => variable.Key.StartsWith("ConnectionStrings__", StringComparison.Ordinal))
            .Select(variable => variable.Value)
            .ShouldAllBe(value =>
                value.Contains("SSL Mode=VerifyFull", StringComparison.Ordinal)
                || value.StartsWith("amqps://", StringComparison.Ordinal)
                || value.StartsWith("https://", StringComparison.Ordinal)
            );
    }

    [Fact]
    public async Task Azure_openai_is_told_by_its_address_where_it_is_the_provider()
    {
        var model = await Model.BuildAsync(["--operation", "publish", "--step", "publish", "--Parameters:model-provider", "azure-openai"]);
        var environment = await model.EnvironmentOfAsync("ai-responder");
        environment["Model__Provider"].ShouldBe("{model-provider.value}");
        environment["Model__Endpoint"].ShouldBe("{model-endpoint.value}");
        model.Resources.ShouldNotContain(resource => resource.Name == "openai");
    }

    private static async Task<Dictionary<string, string>> EnvironmentAsync(string name, bool published)
    {
        var model = published ? await Model.PublishAsync() : await Model.RunAsync();
        return await model.EnvironmentOfAsync(name);
    }
}
