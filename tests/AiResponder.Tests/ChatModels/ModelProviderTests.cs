using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using WpAsis.AiResponder.ChatModels;
using WpAsis.Sandbox.Faults;
using ChatMessage = Microsoft.Extensions.AI.ChatMessage;

namespace WpAsis.AiResponder.Tests.ChatModels;

/// <summary>Both providers, each by its own client, against the sandbox's endpoint.</summary>
public sealed class ModelProviderTests
{
    private const string Facts = "<facts>Parking costs 40 TL.</facts>";

    public static TheoryData<string> Providers => ["openai", "azure-openai"];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task Both_providers_answer_stream_obey_a_schema_embed_and_transcribe(string provider)
    {
        await using var sandbox = await SandboxModels.StartAsync();
        sandbox.Script("transcription", "what was said");
        await using var services = Services(sandbox, provider);
        var model = services.GetRequiredService<IChatClient>();

        var answer = await model.GetResponseAsync(Asking("What does parking cost?"), Options(), Stop);
        var streamed = await model.GetStreamingResponseAsync(Asking("What does parking cost?"), Options(), Stop).ToChatResponseAsync(Stop);
        var structured = await model.GetResponseAsync(Asking("What does parking cost?"), Options(Schema()), Stop);
        var vectors = await services
            .GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>()
            .GenerateAsync(["parking costs", "parking cost", "opening hours"], cancellationToken: Stop);
        using var audio = new MemoryStream([1, 2, 3]);
        var said = await services.GetRequiredService<TranscribeAudio>().RunAsync(audio, "tr", Stop);

        answer.Text.ShouldBe("Parking costs 40 TL.");
        streamed.Text.ShouldBe(answer.Text);
        streamed.Usage!.OutputTokenCount.ShouldBe(answer.Usage!.OutputTokenCount);
        JsonSerializer.Deserialize<JsonElement>(structured.Text).GetProperty("text").GetString().ShouldBe(answer.Text);
        vectors.Count.ShouldBe(3);
        Near(vectors[0], vectors[1]).ShouldBeGreaterThan(Near(vectors[0], vectors[2]));
        said.ShouldBe("what was said");
        HoldsRules(sandbox, provider);
        sandbox.Requests.Count.ShouldBe(5);
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task A_refusal_is_an_error_in_a_stream_too(string provider)
    {
        await using var sandbox = await SandboxModels.StartAsync();
        sandbox.Strike(
            new Fault
            {
                Target = "openai",
                Kind = "refusal",
                Times = 2,
            }
        );
        await using var services = Services(sandbox, provider);
        var model = services.GetRequiredService<IChatClient>();

        var unary = await model.GetResponseAsync(Asking("x"), Options(), Stop);
        var streamed = await model.GetStreamingResponseAsync(Asking("x"), Options(), Stop).ToChatResponseAsync(Stop);

        foreach (var response in (ChatResponse[])[unary, streamed])
        {
            response.Text.ShouldBe("");
            response
                .Messages.SelectMany(message => message.Contents)
                .OfType<ErrorContent>()
                .ShouldHaveSingleItem()
                .ErrorCode.ShouldBe("Refusal");
        }
        HoldsRules(sandbox, provider);
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task What_goes_wrong_is_told_apart_and_nothing_is_repeated(string provider)
    {
        await using var sandbox = await SandboxModels.StartAsync();
        await using var services = Services(sandbox, provider, TimeSpan.FromSeconds(2));
        var model = services.GetRequiredService<IChatClient>();
        (Fault Fault, ModelFault Means)[] faults =
        [
            (
                new()
                {
                    Kind = "status",
                    HttpStatus = 429,
                    RetryAfterSeconds = 7,
                },
                ModelFault.Away
            ),
            (new() { Kind = "status", HttpStatus = 500 }, ModelFault.Away),
            (new() { Kind = "status", HttpStatus = 503 }, ModelFault.Away),
            (new() { Kind = "status", HttpStatus = 401 }, ModelFault.Away),
            (new() { Kind = "status", HttpStatus = 400 }, ModelFault.Broken),
            (new() { Kind = "content-filter", HttpStatus = 400 }, ModelFault.Declined),
            (new() { Kind = "reset" }, ModelFault.Away),
            (new() { Kind = "timeout" }, ModelFault.Away),
        ];
        foreach (var (fault, means) in faults)
        {
            fault.Target = "openai";
            sandbox.Strike(fault);

            var error = await Should.ThrowAsync<Exception>(() => model.GetResponseAsync(Asking("x"), Options(), Stop));

            ModelFailure.Of(error).ShouldBe(means, $"{fault.Kind} {fault.HttpStatus}");
            ModelFailure.RetryAfter(error).ShouldBe(fault.RetryAfterSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null);
        }

        sandbox.Requests.Count.ShouldBe(faults.Length, "one call is one request");
        HoldsRules(sandbox, provider);
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task What_a_provider_filters_from_an_answer_is_seen(string provider)
    {
        await using var sandbox = await SandboxModels.StartAsync();
        sandbox.Strike(new Fault { Target = "openai", Kind = "content-filter" });
        await using var services = Services(sandbox, provider);

        var filtered = await services.GetRequiredService<IChatClient>().GetResponseAsync(Asking("x"), Options(), Stop);

        (filtered.FinishReason, filtered.Text).ShouldBe((ChatFinishReason.ContentFilter, ""));
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task A_request_that_does_not_forbid_storing_or_asks_for_more_does_not_leave(string provider)
    {
        await using var sandbox = await SandboxModels.StartAsync();
        await using var services = Services(sandbox, provider);
        var clients = services.GetRequiredService<ModelClients>();

        await Should.ThrowAsync<StoredChatException>(async () => await clients.Chat.CompleteChatAsync("hello"));
        await Should.ThrowAsync<StoredChatException>(async () =>
            await clients.Audio.GenerateSpeechAsync("hello", "alloy", cancellationToken: Stop)
        );

        sandbox.Requests.ShouldBeEmpty();
    }

    [Fact]
    public void A_service_without_a_model_does_not_start()
    {
        foreach (var provider in (string[])["", "anthropic"])
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Configuration.AddInMemoryCollection([new("Model:Provider", provider)]);
            Should.Throw<InvalidOperationException>(builder.AddChatModels);
        }
    }

    private static void HoldsRules(SandboxModels sandbox, string provider)
    {
        foreach (var request in sandbox.Requests)
        {
            var body = request.Body!.Value;
            if (request.Path.Contains("/chat/completions", StringComparison.Ordinal))
            {
                body.GetProperty("store").ValueKind.ShouldBe(JsonValueKind.False);
                body.GetProperty("safety_identifier").GetString().ShouldBe("hash");
                body.GetProperty("messages").EnumerateArray().ShouldAllBe(message => !JsonElements.HasName(message));
                if (body.TryGetProperty("response_format", out var format))
                    format.GetProperty("json_schema").GetProperty("strict").GetBoolean().ShouldBeTrue();
            }
            else
                body.TryGetProperty("store", out _).ShouldBeFalse("the field is not known there");
            body.TryGetProperty("user", out _).ShouldBeFalse();
            if (body.TryGetProperty("file", out var file))
                file.GetProperty("name").GetString().ShouldBe("voice.ogg");
            if (provider == "openai")
                request.Path.ShouldStartWith("/openai/v1/");
            else
            {
                request.Path.ShouldStartWith("/openai/deployments/");
                request.Path.ShouldContain("?api-version=20");
            }
        }
    }

    private static ServiceProvider Services(SandboxModels sandbox, string provider, TimeSpan? timeout = null)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = "Development" });
        builder.Configuration.AddInMemoryCollection([
            new("Model:Provider", provider),
            new("Model:Endpoint", sandbox.EndpointOf(provider).ToString()),
            new("Model:ApiKey", "a key"),
            new("Model:Name", "gpt-5-mini"),
            new("Model:Timeout", (timeout ?? TimeSpan.FromSeconds(20)).ToString()),
        ]);
        builder.AddChatModels();
        return builder.Services.BuildServiceProvider();
    }

    private static ChatMessage[] Asking(string question) => [new(ChatRole.System, Facts), new(ChatRole.User, question)];

    private static ModelCallOptions Options(ChatResponseFormat? format = null) =>
        new()
        {
            SafetyIdentifier = "hash",
            ResponseFormat = format,
            MaxOutputTokens = 100,
        };

    private static ChatResponseFormatJson Schema() => ChatResponseFormat.ForJsonSchema<Answer>();

    private static double Near(Embedding<float> one, Embedding<float> other) =>
        one.Vector.ToArray().Zip(other.Vector.ToArray(), (a, b) => (double)a * b).Sum();

    private sealed record Answer(string Outcome, string Text);
}
