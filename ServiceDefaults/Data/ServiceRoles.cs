namespace WpAsis.ServiceDefaults.Data;

/// <summary>The four PostgreSQL roles of a service, for the grants in its migrations.</summary>
/// <param name="Service">Resource name, for example <c>messaging-gateway</c>.</param>
public sealed record ServiceRoles(string Service)
{
    private string Prefix => Service.Replace('-', '_');

    /// <summary>Owns everything; migrations run as it.</summary>
    public string Owner => Prefix + "_owner";

    /// <summary>Requests, and consumers of one tenant.</summary>
    public string App => Prefix + "_app";

    /// <summary>Intake, splitters, batch consumers, dispatcher, sweepers, purge.</summary>
    public string Work => Prefix + "_work";

    /// <summary>Inserts into the system log and does nothing else.</summary>
    public string Log => Prefix + "_log";
}
