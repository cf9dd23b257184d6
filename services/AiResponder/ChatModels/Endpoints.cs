using System.Diagnostics.Metrics;
using Microsoft.Extensions.AI;

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
        builder.Services.AddSingleton<ModelClients>();
        builder.Services.AddSingleton<IChatClient>(provider => new GuardedChatClient(
            provider.GetRequiredService<ModelClients>().Chat.AsIChatClient(),
            provider.GetRequiredService<IMeterFactory>()
        ));
        builder.Services.AddSingleton(provider => provider.GetRequiredService<ModelClients>().Embeddings.AsIEmbeddingGenerator());
        builder.Services.AddSingleton<TranscribeAudio>();
    }
}
