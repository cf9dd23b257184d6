using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using OpenAI.Chat;
using ChatMessage = Microsoft.Extensions.AI.ChatMessage;

namespace WpAsis.AiResponder.ChatModels;

/// <summary>
/// The innermost client, around which nothing is wrapped: no cache, no log, no tools. It forbids storing, names the person by a
/// keyed hash only, refuses names, and counts every token.
/// </summary>
internal sealed class GuardedChatClient : DelegatingChatClient
{
    private readonly Counter<long> _tokens;
    private readonly Counter<long> _calls;

    public GuardedChatClient(IChatClient provider, IMeterFactory meters)
        : base(provider)
    {
        var meter = meters.Create("WpAsis.ChatModels");
        _tokens = meter.CreateCounter<long>("wpasis.model.tokens", "{token}", "Tokens by direction");
        _calls = meter.CreateCounter<long>("wpasis.model.calls", "{call}", "Calls begun");
    }

    public override async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        var (list, guarded) = Guard(messages, options);
        _calls.Add(1);
        var response = await base.GetResponseAsync(list, guarded, cancellationToken);
        Count(response.Usage);
        return response;
    }

    /// <summary>As above. The adapter loses a refusal in a stream: it is put back as the error that it is elsewhere.</summary>
    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        var (list, guarded) = Guard(messages, options);
        _calls.Add(1);
        await foreach (var update in base.GetStreamingResponseAsync(list, guarded, cancellationToken))
        {
            if (update.RawRepresentation is StreamingChatCompletionUpdate { RefusalUpdate: { Length: > 0 } refusal })
                update.Contents.Add(new ErrorContent(refusal) { ErrorCode = "Refusal" });
            foreach (var usage in update.Contents.OfType<UsageContent>())
                Count(usage.Details);
            yield return update;
        }
    }

    private void Count(UsageDetails? usage)
    {
        _tokens.Add(usage?.InputTokenCount ?? 0, new KeyValuePair<string, object?>("direction", "input"));
        _tokens.Add(usage?.OutputTokenCount ?? 0, new KeyValuePair<string, object?>("direction", "output"));
    }

    private static (List<ChatMessage> Messages, ChatOptions Options) Guard(IEnumerable<ChatMessage> messages, ChatOptions? options)
    {
        var list = messages.ToList();
        // The provider would get it as "name".
        if (list.Exists(message => message.AuthorName is not null))
            throw new StoredChatException("A message to a model names its author.");
        if (options is not ModelCallOptions { SafetyIdentifier.Length: > 0 } call)
            throw new StoredChatException("A model call lacks its safety identifier.");
        return (list, Guard(call));
    }

    private static ChatOptions Guard(ModelCallOptions call)
    {
        var safetyIdentifier = call.SafetyIdentifier;
        // A fresh object each time: the adapter writes the messages into it, and one that is used twice sends the first contact's
        // words with the second's.
#pragma warning disable OPENAI001 // The property is the provider's own, its name may still change.
        return new ChatOptions
        {
            ResponseFormat = call.ResponseFormat,
            MaxOutputTokens = call.MaxOutputTokens,
            AdditionalProperties = new() { ["strict"] = true },
            RawRepresentationFactory = _ => new ChatCompletionOptions { StoredOutputEnabled = false, SafetyIdentifier = safetyIdentifier },
        };
#pragma warning restore OPENAI001
    }
}

/// <summary>Options of a call of ours.</summary>
internal sealed class ModelCallOptions : ChatOptions
{
    /// <summary>Keyed hash of the person, so that the provider can tell one abuser from many users without knowing who it is.</summary>
    public required string SafetyIdentifier { get; init; }
}
