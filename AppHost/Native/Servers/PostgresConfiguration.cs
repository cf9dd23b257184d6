using System.Globalization;

namespace WpAsis.AppHost.Native.Servers;

/// <summary>The text of PostgreSQL's configuration files.</summary>
internal static class PostgresConfiguration
{
    /// <summary>No line for sockets or unencrypted connections: both are refused.</summary>
    public const string HostBasedAccess = """
        hostssl all all 127.0.0.1/32 scram-sha-256
        hostssl all all ::1/128 scram-sha-256

        """;

    public static string Server(PostgresOptions options, string certificate, string key)
    {
        var settings = new List<(string Name, string Value)>
        {
            ("listen_addresses", "localhost"),
            ("port", options.Port.ToString(CultureInfo.InvariantCulture)),
            // A socket would be a way in without TLS, and its path may be longer than the kernel allows.
            ("unix_socket_directories", ""),
            ("shared_buffers", "256MB"),
            ("max_wal_size", "2GB"),
            ("logging_collector", "on"),
            ("log_directory", options.LogFolder),
            ("log_filename", "postgresql-%Y-%m-%d.log"),
            ("log_file_mode", "0600"),
            ("log_rotation_age", "1d"),
            ("log_rotation_size", "0"),
        };
        settings.AddRange([.. ServerSettings.Postgres, .. ServerSettings.PostgresTls(certificate, key)]);
        if (!options.IsDurable)
            settings.AddRange([("fsync", "off"), ("full_page_writes", "off")]);
        return string.Concat(
            settings.Select(setting => $"{setting.Name} = '{setting.Value.Replace("'", "''", StringComparison.Ordinal)}'\n")
        );
    }
}
