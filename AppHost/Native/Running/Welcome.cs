using System.Text;

namespace WpAsis.AppHost.Native.Running;

/// <summary>What a person reads when all is up.</summary>
public static class Welcome
{
    /// <summary>The addresses, and how to sign in.</summary>
    public static string Describe(RunFile run, string folder)
    {
        var text = new StringBuilder("\nWpAsis runs.\n\n");
        Line(text, "Console", run.Console);
        foreach (var (name, service) in run.Services.Where(service => service.Key != "console"))
            Line(text, name, service.Url);
        if (run.Sandbox is { } sandbox)
        {
            Line(text, "Phone", sandbox.Phone);
            Line(text, "Mail", sandbox.Mail);
        }
        Line(text, "Sign in with", $"{run.Demo.Email}  {run.Demo.Password}");
        Line(text, "Authority", $"{run.Ca} (trust it in your browser, or accept the warning)");
        Line(text, "Everything else", RunFile.PathIn(folder));
        return text.Append("\nCtrl+C stops all of it.\n").ToString();
    }

    private static void Line(StringBuilder text, string name, string value) =>
        text.Append("  ").Append(name.PadRight(22)).Append(' ').Append(value).Append('\n');
}
