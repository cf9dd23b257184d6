using System.Text.RegularExpressions;

namespace WpAsis.Architecture.Tests;

/// <summary>What people write goes to a model through one client, which forbids the provider to keep it. Nothing goes past it.</summary>
public sealed partial class ModelClientsTests
{
    private const string Guard = "services/AiResponder/ChatModels/";

    [Fact]
    public void A_providers_client_is_made_in_one_file_only() => Files(MakesClient()).ShouldBe([Guard + "ModelClients.cs"]);

    [Fact]
    public void The_guard_stands_around_it_and_nothing_else_is_wrapped() => Files(Wraps()).ShouldBe([Guard + "Endpoints.cs"]);

    [Fact]
    public void No_other_service_knows_a_model_provider()
    {
        foreach (var (name, assembly) in Repository.Services)
        {
            var providers = assembly
                .GetReferencedAssemblies()
                .Select(reference => reference.Name!)
                .Where(reference =>
                    reference is "OpenAI" or "Azure.AI.OpenAI" || reference.StartsWith("Microsoft.Extensions.AI", StringComparison.Ordinal)
                );
            if (name != "AiResponder")
                providers.ShouldBeEmpty(name);
        }
    }

    private static IEnumerable<string> Files(Regex pattern) =>
        Repository.Product.Where(file => file.Lines.Any(line => pattern.IsMatch(line))).Select(file => file.Path);

    [GeneratedRegex(
        @"new (?:Azure)?OpenAIClient\b|new (?:Chat|Audio|Embedding|Responses|Image)Client\b|Get(?:Chat|Audio|Embedding)Client\(",
        RegexOptions.NonBacktracking
    )]
    private static partial Regex MakesClient();

    [GeneratedRegex(@"\.AsIChatClient\(|\.AsIEmbeddingGenerator\(|new GuardedChatClient\(", RegexOptions.NonBacktracking)]
    private static partial Regex Wraps();
}
