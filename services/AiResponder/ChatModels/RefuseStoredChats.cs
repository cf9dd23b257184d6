using System.ClientModel.Primitives;
using System.Text.Json;

namespace WpAsis.AiResponder.ChatModels;

/// <summary>
/// The last look before a byte leaves: only to the configured endpoint, only what we ask, and chats only with <c>"store":false</c>
/// in the body. Without the field the provider's default would decide whether it keeps what people wrote.
/// </summary>
internal sealed class RefuseStoredChats(Uri endpoint) : PipelinePolicy
{
    public override void Process(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
    {
        Check(message.Request);
        ProcessNext(message, pipeline, currentIndex);
    }

    public override ValueTask ProcessAsync(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
    {
        Check(message.Request);
        return ProcessNextAsync(message, pipeline, currentIndex);
    }

    private void Check(PipelineRequest request)
    {
        var uri = request.Uri ?? throw new StoredChatException("A model request has no address.");
        if (Uri.Compare(uri, endpoint, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) != 0)
            throw new StoredChatException("A model request went to another server than the configured one.");
        // Of what is asked these two have no such field: nothing of them is kept by the provider.
        if (EndsWith(uri, "/embeddings") || EndsWith(uri, "/audio/transcriptions"))
            return;
        if (!EndsWith(uri, "/chat/completions"))
            throw new StoredChatException("Only chat completions, embeddings and transcriptions are asked of a model.");
        if (request.Content is not { } content)
            throw new StoredChatException("A model request has no body.");
        using var body = new MemoryStream();
        content.WriteTo(body, CancellationToken.None);
        body.Position = 0;
        using var json = JsonDocument.Parse(body);
        if (!json.RootElement.TryGetProperty("store", out var store) || store.ValueKind is not JsonValueKind.False)
            throw new StoredChatException("A model request does not forbid the provider to store it.");
    }

    private static bool EndsWith(Uri uri, string path) => uri.AbsolutePath.EndsWith(path, StringComparison.Ordinal);
}

/// <summary>A request that must not leave did not.</summary>
internal sealed class StoredChatException(string message) : InvalidOperationException(message);
