using System.Text;

namespace WpAsis.ServiceDefaults.Telemetry;

/// <summary>What a log may say of an exception: types and places, the outermost first. Its words may quote what a person wrote.</summary>
internal static class ExceptionPlaces
{
    public static string Of(Exception exception)
    {
        var text = new StringBuilder();
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (text.Length > 0)
                text.Append("\n caused by ");
            text.Append(cause.GetType().FullName);
            if (cause.StackTrace is { } places)
                text.Append('\n').Append(places);
        }
        return text.ToString();
    }
}
