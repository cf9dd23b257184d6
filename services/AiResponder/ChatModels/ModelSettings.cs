namespace WpAsis.AiResponder.ChatModels;

/// <summary>Which model answers, and where (section <c>Model</c>).</summary>
internal sealed record ModelSettings
{
    /// <summary><c>openai</c> or <c>azure-openai</c>.</summary>
    public string Provider { get; init; } = "";

    /// <summary>Base address of the endpoint; nothing else is ever called.</summary>
    public Uri? Endpoint { get; init; }

    public string ApiKey { get; init; } = "";

    /// <summary>Model (OpenAI) or deployment (Azure OpenAI).</summary>
    public string Name { get; init; } = "";

    /// <summary>Model or deployment that turns texts into vectors.</summary>
    public string EmbeddingName { get; init; } = "text-embedding-3-small";

    /// <summary>Model or deployment that writes down what is said.</summary>
    public string TranscriptionName { get; init; } = "gpt-4o-mini-transcribe";

    /// <summary>Longest call.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    public int MaxOutputTokens { get; init; } = 1_500;

    /// <summary>A process that could not answer anybody does not start.</summary>
    public static ModelSettings Read(IConfiguration configuration)
    {
        var settings = configuration.GetSection("Model").Get<ModelSettings>() ?? new();
        if (settings.Provider is not ("openai" or "azure-openai"))
            throw new InvalidOperationException("Model:Provider is openai or azure-openai.");
        if (settings.Endpoint is not { IsAbsoluteUri: true } || settings.ApiKey.Length == 0 || settings.Name.Length == 0)
            throw new InvalidOperationException("Model:Endpoint, Model:ApiKey and Model:Name are needed.");
        return settings;
    }
}
