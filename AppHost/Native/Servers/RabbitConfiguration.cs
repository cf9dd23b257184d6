using System.Globalization;

namespace WpAsis.AppHost.Native.Servers;

/// <summary>RabbitMQ's configuration file and the environment that keeps it away from the system's.</summary>
internal static class RabbitConfiguration
{
    private const string Suites = """
        {0}ciphers.1 = TLS_AES_256_GCM_SHA384
        {0}ciphers.2 = TLS_CHACHA20_POLY1305_SHA256
        {0}ciphers.3 = ECDHE-ECDSA-AES256-GCM-SHA384
        {0}ciphers.4 = ECDHE-ECDSA-CHACHA20-POLY1305
        {0}versions.1 = tlsv1.3
        {0}versions.2 = tlsv1.2
        """;

    public static Dictionary<string, string> Write(RabbitOptions options)
    {
        var plugins = Path.Combine(options.Folder, "enabled_plugins");
        var configuration = Path.Combine(options.Folder, "rabbitmq.conf");
        var environmentFile = Path.Combine(options.Folder, "rabbitmq-env.conf");
        PrivateFolder.Write(plugins, "[rabbitmq_management].\n");
        PrivateFolder.Write(configuration, Server(options));
        PrivateFolder.Write(environmentFile, "");
        return new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["HOME"] = options.Folder,
            ["LC_ALL"] = "C.UTF-8",
            ["RABBITMQ_NODENAME"] = "wpasis@localhost",
            ["RABBITMQ_NODE_IP_ADDRESS"] = "127.0.0.1",
            ["RABBITMQ_NODE_PORT"] = Text(options.Ports.Amqps),
            ["RABBITMQ_DIST_PORT"] = Text(options.Ports.Distribution),
            ["ERL_EPMD_PORT"] = Text(options.Ports.PortMapper),
            ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
            ["RABBITMQ_MNESIA_BASE"] = PrivateFolder.Create(options.Folder, "mnesia"),
            ["RABBITMQ_LOG_BASE"] = options.LogFolder,
            ["RABBITMQ_SCHEMA_DIR"] = PrivateFolder.Create(options.Folder, "schema"),
            ["RABBITMQ_GENERATED_CONFIG_DIR"] = PrivateFolder.Create(options.Folder, "config"),
            ["RABBITMQ_ENABLED_PLUGINS_FILE"] = plugins,
            ["RABBITMQ_CONFIG_FILE"] = configuration,
            ["RABBITMQ_CONF_ENV_FILE"] = environmentFile,
            ["RABBITMQ_PID_FILE"] = Path.Combine(options.Folder, "rabbitmq.pid"),
            // Idle schedulers would spin, on a machine that runs everything else too.
            ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "+sbwt none +sbwtdcpu none +sbwtdio none -kernel inet_dist_use_interface {127,0,0,1}",
            // The script then becomes the Erlang machine instead of watching it: one process to end.
            ["RUNNING_UNDER_SYSTEMD"] = "true",
            // A crash dump would hold messages.
            ["ERL_CRASH_DUMP_SECONDS"] = "0",
        };
    }

    private static string Server(RabbitOptions options) =>
        $"""
            listeners.tcp = none
            listeners.ssl.1 = 127.0.0.1:{Text(options.Ports.Amqps)}
            ssl_options.cacertfile = {options.Certificates.Authority}
            ssl_options.certfile = {options.Certificates.Certificate}
            ssl_options.keyfile = {options.Certificates.Key}
            ssl_options.verify = verify_none
            ssl_options.honor_cipher_order = true
            {Format("ssl_options.")}
            management.ssl.ip = 127.0.0.1
            management.ssl.port = {Text(options.Ports.Management)}
            management.ssl.cacertfile = {options.Certificates.Authority}
            management.ssl.certfile = {options.Certificates.Certificate}
            management.ssl.keyfile = {options.Certificates.Key}
            management.ssl.honor_cipher_order = true
            {Format("management.ssl.")}
            default_user = admin
            default_pass = {options.Password}
            default_user_tags.administrator = true
            default_vhost = {PrivateRabbit.VirtualHost}
            vm_memory_high_watermark.absolute = 1GB
            disk_free_limit.absolute = 200MB
            log.file = rabbitmq.log
            log.file.level = warning
            log.file.rotation.date = $D0
            log.file.rotation.count = 89
            log.console = false

            """;

    private static string Format(string prefix) => Suites.Replace("{0}", prefix, StringComparison.Ordinal);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
