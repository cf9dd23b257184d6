namespace WpAsis.AppHost;

/// <summary>
/// Settings of PostgreSQL and RabbitMQ that keep a promise wherever the servers run: 256-bit suites only, nothing personal in a log.
/// </summary>
public static class ServerSettings
{
    private const string Suites =
        "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";

    private const string RabbitSuites = """
        {0}ciphers.1 = TLS_AES_256_GCM_SHA384
        {0}ciphers.2 = TLS_CHACHA20_POLY1305_SHA256
        {0}ciphers.3 = ECDHE-ECDSA-AES256-GCM-SHA384
        {0}ciphers.4 = ECDHE-RSA-AES256-GCM-SHA384
        {0}ciphers.5 = ECDHE-ECDSA-CHACHA20-POLY1305
        {0}ciphers.6 = ECDHE-RSA-CHACHA20-POLY1305
        {0}versions.1 = tlsv1.3
        {0}versions.2 = tlsv1.2
        {0}honor_cipher_order = true
        """;

    /// <summary>PostgreSQL's own setting of suites reaches TLS 1.2 only; OpenSSL's configuration governs TLS 1.3 too.</summary>
    public const string OpenSsl = $"""
        openssl_conf = settings
        [settings]
        ssl_conf = ssl
        [ssl]
        system_default = suites
        [suites]
        MinProtocol = TLSv1.2
        CipherString = {Suites}
        Ciphersuites = TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256

        """;

    /// <summary>Of PostgreSQL, with TLS or without.</summary>
    public static IReadOnlyList<(string Name, string Value)> Postgres { get; } =
    [
        ("max_connections", "400"),
        ("timezone", "UTC"),
        ("password_encryption", "scram-sha-256"),
        // A statement or a key value in a log would be personal data: state codes and short messages only.
        ("log_min_error_statement", "panic"),
        ("log_error_verbosity", "terse"),
        ("log_statement", "none"),
        ("log_min_duration_statement", "-1"),
        ("log_parameter_max_length", "0"),
        ("log_parameter_max_length_on_error", "0"),
        ("log_timezone", "UTC"),
    ];

    /// <summary>Of PostgreSQL's listener with TLS; besides, it needs <see cref="OpenSsl"/>.</summary>
    public static IReadOnlyList<(string Name, string Value)> PostgresTls(string certificate, string key) =>
        [
            ("ssl", "on"),
            ("ssl_cert_file", certificate),
            ("ssl_key_file", key),
            ("ssl_min_protocol_version", "TLSv1.2"),
            ("ssl_ciphers", Suites),
        ];

    /// <summary>Of one of RabbitMQ's listeners with TLS.</summary>
    /// <param name="prefix"><c>ssl_options.</c> or <c>management.ssl.</c>.</param>
    /// <param name="authority">Who signed the certificate.</param>
    /// <param name="certificate">The listener's certificate.</param>
    /// <param name="key">Its private key.</param>
    public static string RabbitTls(string prefix, string authority, string certificate, string key) =>
        $"""
            {prefix}cacertfile = {authority}
            {prefix}certfile = {certificate}
            {prefix}keyfile = {key}
            {RabbitSuites.Replace("{0}", prefix, StringComparison.Ordinal)}
            """;
}
