using OpenTelemetry;
using OpenTelemetry.Logs;

namespace WpAsis.ServiceDefaults.Telemetry;

/// <summary>Puts types and places in the place of a record's exception, before an exporter would write its words.</summary>
internal sealed class ForgetExceptionWords : BaseProcessor<LogRecord>
{
    public override void OnEnd(LogRecord data)
    {
        if (data.Exception is not { } exception)
            return;
        data.Attributes =
        [
            .. data.Attributes ?? [],
            new("exception.type", exception.GetType().FullName),
            new("exception.stacktrace", ExceptionPlaces.Of(exception)),
        ];
        data.Exception = null;
    }
}
