using System.Globalization;

namespace WpAsis.AppHost.Native.Servers;

/// <summary>The text of PostgreSQL's configuration files.</summary>
internal static class PostgresConfiguration
{
    /// <summary>256-bit suites. PostgreSQL's own setting reaches TLS 1.2 only; OpenSSL's configuration governs TLS 1.3 too.</summary>
    public const string OpenSsl = """
        openssl_conf = settings
        [settings]
        ssl_conf = ssl
        [ssl]
        system_default = suites
        [suites]
        MinProtocol = TLSv1.2
        CipherString = ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305
        Ciphersuites = TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256

        """;

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
            ("max_connections", "400"),
            ("shared_buffers", "256MB"),
            ("max_wal_size", "2GB"),
            ("timezone", "UTC"),
            ("password_encryption", "scram-sha-256"),
            ("ssl", "on"),
            ("ssl_cert_file", certificate),
            ("ssl_key_file", key),
            ("ssl_min_protocol_version", "TLSv1.2"),
            ("ssl_ciphers", "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305"),
            // A statement or a key value in a log would be personal data: state codes and short messages only.
            ("log_min_error_statement", "panic"),
            ("log_error_verbosity", "terse"),
            ("log_statement", "none"),
            ("log_min_duration_statement", "-1"),
            ("log_parameter_max_length", "0"),
            ("log_parameter_max_length_on_error", "0"),
            ("log_timezone", "UTC"),
            ("logging_collector", "on"),
            ("log_directory", options.LogFolder),
            ("log_filename", "postgresql-%Y-%m-%d.log"),
            ("log_file_mode", "0600"),
            ("log_rotation_age", "1d"),
            ("log_rotation_size", "0"),
        };
        if (!options.IsDurable)
            settings.AddRange([("fsync", "off"), ("full_page_writes", "off")]);
        return string.Concat(
            settings.Select(setting => $"{setting.Name} = '{setting.Value.Replace("'", "''", StringComparison.Ordinal)}'\n")
        );
    }
}
