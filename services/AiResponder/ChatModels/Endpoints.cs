using System.ClientModel;
using System.ClientModel.Primitives;
using System.Diagnostics.Metrics;
using Azure.AI.OpenAI;
using Microsoft.Extensions.AI;
using OpenAI;
using OpenAI.Chat;
using WpAsis.ServiceDefaults.Http;

namespace WpAsis.AiResponder.ChatModels;

internal static class Endpoints
{
    /// <summary>The model of <c>Model:Provider</c> behind the guarded client.</summary>
    public static void AddChatModels(this WebApplicationBuilder builder)
    {
        var settings = ModelSettings.Read(builder.Configuration);
        if (!builder.Environment.IsDevelopment() && settings.Endpoint!.Scheme != Uri.UriSchemeHttps)
            throw new InvalidOperationException("Model:Endpoint must be https.");
        builder.Services.AddSingleton(settings);
        builder.Services.AddSingleton<IChatClient>(provider => new GuardedChatClient(
            Client(settings).AsIChatClient(),
            provider.GetRequiredService<IMeterFactory>()
        ));
    }

    private static ChatClient Client(ModelSettings settings)
    {
        var key = new ApiKeyCredential(settings.ApiKey);
        return settings.Provider is "azure-openai"
            ? new AzureOpenAIClient(settings.Endpoint!, key, Configure(new AzureOpenAIClientOptions(), settings)).GetChatClient(settings.Name)
            : new ChatClient(settings.Name, key, Configure(new OpenAIClientOptions { Endpoint = settings.Endpoint }, settings));
    }

    private static TOptions Configure<TOptions>(TOptions options, ModelSettings settings)
        where TOptions : ClientPipelineOptions
    {
        options.RetryPolicy = new ClientRetryPolicy(0); // Repeats belong to the turn, which knows lease, reservation and window.
        options.NetworkTimeout = settings.Timeout;
#pragma warning disable CA2000 // Lives as long as the process.
        options.Transport = new HttpClientPipelineTransport(new HttpClient(HttpClients.StrongHandler()) { Timeout = Timeout.InfiniteTimeSpan });
#pragma warning restore CA2000
        options.AddPolicy(new RefuseStoredChats(settings.Endpoint!), PipelinePosition.BeforeTransport);
        return options;
    }
}
