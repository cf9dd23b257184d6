using System.ClientModel;
using System.ClientModel.Primitives;
using Azure.AI.OpenAI;
using OpenAI;
using OpenAI.Chat;
using WpAsis.ServiceDefaults.Http;

namespace WpAsis.AiResponder.ChatModels;

/// <summary>The provider's own client, with our limits in its pipeline.</summary>
internal static class ChatClients
{
    public static ChatClient Create(ModelSettings settings)
    {
        var key = new ApiKeyCredential(settings.ApiKey);
        return settings.Provider is "azure-openai"
            ? new AzureOpenAIClient(settings.Endpoint!, key, Configure(new AzureOpenAIClientOptions(), settings)).GetChatClient(
                settings.Name
            )
            : new ChatClient(settings.Name, key, Configure(new OpenAIClientOptions { Endpoint = settings.Endpoint }, settings));
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
