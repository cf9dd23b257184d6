using System.Globalization;

namespace WpAsis.AppHost.Native.Servers;

/// <summary>RabbitMQ's configuration file and the environment that keeps it away from the system's.</summary>
internal static class RabbitConfiguration
{
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
            ssl_options.verify = verify_none
            {Tls("ssl_options.", options.Certificates)}
            management.ssl.ip = 127.0.0.1
            management.ssl.port = {Text(options.Ports.Management)}
            {Tls("management.ssl.", options.Certificates)}
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

    private static string Tls(string prefix, LocalCertificates certificates) =>
        ServerSettings.RabbitTls(prefix, certificates.Authority, certificates.Certificate, certificates.Key);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
