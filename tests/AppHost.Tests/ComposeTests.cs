using System.Text.RegularExpressions;
using Aspire.Hosting.Testing;

namespace WpAsis.AppHost.Tests;

public sealed partial class ComposeTests
{
    [Fact]
    public async Task A_compose_file_has_every_service_with_tls_its_rings_and_no_secret_in_clear()
    {
        var folder = Directory.CreateTempSubdirectory("wpasis-compose-");
        try
        {
            await PublishAsync(folder.FullName);
            var compose = await File.ReadAllTextAsync(Path.Combine(folder.FullName, "docker-compose.yaml"), Stop);
            var services = ServicesOf(compose);
            services.Keys.ShouldBe(
                [.. Topology.Services.Select(service => service.Name), "setup", "postgres", "rabbitmq"],
                ignoreOrder: true
            );
            foreach (var service in Topology.Services)
            {
                var text = services[service.Name];
                text.ShouldContain("setup:\n        condition: \"service_completed_successfully\"");
                text.ShouldContain($"source: \"${{KEYS_FOLDER}}/{service.Name}\"");
                text.Contains("${KEYS_FOLDER}/content", StringComparison.Ordinal).ShouldBe(service.ReadsContent, service.Name);
                text.ShouldContain($"source: \"${{TLS_FOLDER}}/{service.Name}\"");
                text.ShouldContain("ASPNETCORE_URLS: \"https://+:8443;https://+:9443\"");
                foreach (var callee in service.Calls)
                    text.ShouldContain($"services__{callee}__https__0: \"https://{callee}:8443\"");
            }
            services["postgres"].ShouldContain("ssl=on");
            services["rabbitmq"].ShouldNotContain("5672\"");
            compose.ShouldContain("hostssl all all all scram-sha-256");
            compose.ShouldContain("listeners.tcp = none");
            Password().Matches(compose).Select(match => match.Groups["value"].Value).ShouldAllBe(value => Placeholder().IsMatch(value));

            var variables = await File.ReadAllLinesAsync(Path.Combine(folder.FullName, ".env"), Stop);
            variables.Where(line => line.Contains('=', StringComparison.Ordinal)).ShouldAllBe(line => line.EndsWith('='));
            foreach (var parameter in Topology.Services.SelectMany(service => service.Parameters).Where(parameter => parameter.Secret))
                variables.ShouldContain("# " + parameter.Description, StringComparer.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static async Task PublishAsync(string folder)
    {
        string[] arguments = ["--operation", "publish", "--step", "publish", "--output-path", folder];
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(arguments, Stop);
        await using var application = await builder.BuildAsync(Stop);
        await application.RunAsync(Stop);
    }

    private static Dictionary<string, string> ServicesOf(string compose)
    {
        var text = compose.ReplaceLineEndings("\n");
        var section = text[text.IndexOf("services:\n", StringComparison.Ordinal)..text.IndexOf("\nnetworks:\n", StringComparison.Ordinal)];
        return Service().Split(section).Skip(1).Chunk(2).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
    }

    [GeneratedRegex(@"^  (?<name>\S+):\n", RegexOptions.Multiline | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1_000)]
    private static partial Regex Service();

    [GeneratedRegex(@"(?:Password=|Secret: ""|ApiKey: ""|PASSWORD: "")(?<value>[^;""]*)", RegexOptions.CultureInvariant, 1_000)]
    private static partial Regex Password();

    [GeneratedRegex(@"^\$\{[A-Z_]+\}$", RegexOptions.CultureInvariant, 1_000)]
    private static partial Regex Placeholder();
}
