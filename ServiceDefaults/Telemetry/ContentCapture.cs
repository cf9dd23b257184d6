namespace WpAsis.ServiceDefaults.Telemetry;

/// <summary>
/// Aspire's development defaults put message content and query strings (the verify token) into telemetry.
/// Anyone can set a variable; this process does not listen to it.
/// </summary>
public static class ContentCapture
{
    /// <summary>The variables that would open content or query strings to telemetry.</summary>
    public static IReadOnlyList<string> Variables { get; } =
    [
        "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT",
        "OTEL_DOTNET_EXPERIMENTAL_ASPNETCORE_DISABLE_URL_QUERY_REDACTION",
        "OTEL_DOTNET_EXPERIMENTAL_HTTPCLIENT_DISABLE_URL_QUERY_REDACTION",
    ];

    /// <summary>Called before anything reads its environment.</summary>
    public static void Refuse()
    {
        foreach (var variable in Variables)
            Environment.SetEnvironmentVariable(variable, "false");
    }
}
