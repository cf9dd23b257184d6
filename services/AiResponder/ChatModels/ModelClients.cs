using System.ClientModel;
using System.ClientModel.Primitives;
using Azure.AI.OpenAI;
using OpenAI;
using OpenAI.Audio;
using OpenAI.Chat;
using OpenAI.Embeddings;
using WpAsis.ServiceDefaults.Http;

namespace WpAsis.AiResponder.ChatModels;

/// <summary>The provider's own clients, with our limits in their pipeline. Nothing else makes one.</summary>
internal sealed class ModelClients(ModelSettings settings)
{
    // Of the two providers one is there; Azure's is an OpenAI client with other addresses and another header for the key.
    private readonly OpenAIClient _client = Create(settings);

    public ChatClient Chat => _client.GetChatClient(settings.Name);

    public EmbeddingClient Embeddings => _client.GetEmbeddingClient(settings.EmbeddingName);

    public AudioClient Audio => _client.GetAudioClient(settings.TranscriptionName);

    private static OpenAIClient Create(ModelSettings settings)
    {
        var key = new ApiKeyCredential(settings.ApiKey);
        return settings.Provider is "azure-openai"
            ? new AzureOpenAIClient(settings.Endpoint!, key, Configure(new AzureOpenAIClientOptions(), settings))
            : new OpenAIClient(key, Configure(new OpenAIClientOptions { Endpoint = settings.Endpoint }, settings));
    }

    private static TOptions Configure<TOptions>(TOptions options, ModelSettings settings)
        where TOptions : ClientPipelineOptions
    {
        // Repeats belong to the turn, which knows lease, reservation and window. The default would send four requests in 60 ms.
        options.RetryPolicy = new ClientRetryPolicy(0);
        options.NetworkTimeout = settings.Timeout;
        options.ClientLoggingOptions = new() { EnableLogging = false, EnableMessageContentLogging = false };
#pragma warning disable CA2000 // Lives as long as the process.
        options.Transport = new HttpClientPipelineTransport(
            new HttpClient(HttpClients.StrongHandler()) { Timeout = Timeout.InfiniteTimeSpan }
        );
#pragma warning restore CA2000
        options.AddPolicy(new RefuseStoredChats(settings.Endpoint!), PipelinePosition.BeforeTransport);
        return options;
    }
}
