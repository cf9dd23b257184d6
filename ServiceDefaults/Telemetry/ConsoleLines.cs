using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace WpAsis.ServiceDefaults.Telemetry;

/// <summary>Lines as the framework's own console writes them, but for exceptions, of which it prints all the words.</summary>
internal sealed class ConsoleLines() : ConsoleFormatter(FormatterName)
{
    private const string FormatterName = "wpasis";
    private const string Indent = "      ";

    /// <summary>Whatever other formatter is configured, this one writes.</summary>
    public static void Use(ILoggingBuilder logging)
    {
        logging.AddConsoleFormatter<ConsoleLines, ConsoleFormatterOptions>();
        logging.Services.PostConfigure<ConsoleLoggerOptions>(console => console.FormatterName = FormatterName);
    }

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        textWriter.WriteLine($"{ShortNameOf(logEntry.LogLevel)}: {logEntry.Category}[{logEntry.EventId.Id}]");
        WriteIndented(textWriter, logEntry.Formatter(logEntry.State, logEntry.Exception));
        if (logEntry.Exception is { } exception)
            WriteIndented(textWriter, ExceptionPlaces.Of(exception));
    }

    private static void WriteIndented(TextWriter writer, string text)
    {
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            writer.Write(Indent);
            writer.WriteLine(line);
        }
    }

    private static string ShortNameOf(LogLevel level) =>
        level switch
        {
            LogLevel.Trace => "trce",
            LogLevel.Debug => "dbug",
            LogLevel.Information => "info",
            LogLevel.Warning => "warn",
            LogLevel.Error => "fail",
            _ => "crit",
        };
}
