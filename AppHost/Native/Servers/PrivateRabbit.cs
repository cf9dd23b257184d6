using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using WpAsis.AppHost.Native.Processes;

namespace WpAsis.AppHost.Native.Servers;

/// <summary>Ports of a private RabbitMQ, all on 127.0.0.1.</summary>
/// <param name="Amqps">Clients.</param>
/// <param name="Management">Management API over TLS.</param>
/// <param name="Distribution">Erlang nodes and rabbitmqctl.</param>
/// <param name="PortMapper">Erlang's port mapper, a daemon of its own for each node: a shared one would outlive us.</param>
public sealed record RabbitPorts(int Amqps, int Management, int Distribution, int PortMapper);

/// <summary>Where a private RabbitMQ lives and how it is reached.</summary>
/// <param name="Folder">Its files; its own.</param>
/// <param name="LogFolder">Its log files, one a day.</param>
/// <param name="Ports">Its ports.</param>
/// <param name="Password">Password of the user <c>admin</c>, the only one it begins with.</param>
/// <param name="Certificates">Certificate of localhost.</param>
public sealed record RabbitOptions(string Folder, string LogFolder, RabbitPorts Ports, string Password, LocalCertificates Certificates);

/// <summary>A RabbitMQ of our own from Debian's programs: all over TLS, nothing beyond 127.0.0.1.</summary>
public sealed class PrivateRabbit
{
    /// <summary>The server's start script; the one in sbin insists on the user rabbitmq.</summary>
    public const string Program = "/usr/lib/rabbitmq/bin/rabbitmq-server";

    /// <summary>The virtual host of the services.</summary>
    public const string VirtualHost = "wpasis";

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(120);

    private PrivateRabbit(ProcessRecord process, ProcessRecord portMapper, Uri management)
    {
        Process = process;
        PortMapper = portMapper;
        Management = management;
    }

    /// <summary>The Erlang machine.</summary>
    public ProcessRecord Process { get; }

    /// <summary>Its port mapper.</summary>
    public ProcessRecord PortMapper { get; }

    /// <summary>The management API with user and password.</summary>
    public Uri Management { get; }

    /// <summary>Address at which a user reaches a virtual host.</summary>
    public static Uri Address(int port, string virtualHost, string user, string password) =>
        new UriBuilder("amqps", "localhost", port, Uri.EscapeDataString(virtualHost))
        {
            UserName = Uri.EscapeDataString(user),
            Password = Uri.EscapeDataString(password),
        }.Uri;

    /// <summary>Starts the node and waits until clients and the management API are answered.</summary>
    public static async Task<PrivateRabbit> StartAsync(
        RabbitOptions options,
        ProcessTable table,
        TimeProvider clock,
        CancellationToken stop
    )
    {
        PrivateFolder.Create(options.Folder);
        PrivateFolder.Create(options.LogFolder);
        var environment = RabbitConfiguration.Write(options);
        var log = Path.Combine(options.LogFolder, "start.log");
        File.Delete(log);

        // Ours and in the foreground, before the node would start one as a daemon that nobody ends.
        var port = options.Ports.PortMapper.ToString(CultureInfo.InvariantCulture);
        string[] mapper = ["epmd", "-port", port, "-address", "127.0.0.1"];
        var portMapper = ServerProcess.Start("epmd", mapper, environment, options.Folder, log, table);
        var process = ServerProcess.Start("rabbitmq", [Program], environment, options.Folder, log, table);
        try
        {
            using var http = CreateClient(options);
            await ServerProcess.WaitUntilAsync(process, () => AnswersAsync(options, http, stop), StartLimit, log, clock, stop);
        }
        catch
        {
            process.EndNow();
            portMapper.EndNow();
            throw;
        }
        var management = string.Create(
            CultureInfo.InvariantCulture,
            $"https://admin:{options.Password}@localhost:{options.Ports.Management}"
        );
        return new PrivateRabbit(process, portMapper, new Uri(management));
    }

    /// <summary>Ends a node in order, then its port mapper.</summary>
    public static async Task StopAsync(ProcessRecord process, ProcessRecord portMapper, TimeSpan limit, TimeProvider clock)
    {
        process.AskToEnd();
        await process.WaitForEndAsync(limit, clock);
        portMapper.AskToEnd();
        await portMapper.WaitForEndAsync(TimeSpan.FromSeconds(1), clock);
    }

    private static HttpClient CreateClient(RabbitOptions options)
    {
        var http = new HttpClient(LocalTrust.Handler(options.Certificates.Authority))
        {
            BaseAddress = new Uri(string.Create(CultureInfo.InvariantCulture, $"https://localhost:{options.Ports.Management}")),
            Timeout = TimeSpan.FromSeconds(5),
        };
        var credentials = Convert.ToBase64String(Encoding.ASCII.GetBytes($"admin:{options.Password}"));
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", credentials);
        return http;
    }

    private static async Task<bool> AnswersAsync(RabbitOptions options, HttpClient http, CancellationToken stop)
    {
        try
        {
            using var clients = new TcpClient();
            await clients.ConnectAsync("127.0.0.1", options.Ports.Amqps, stop);
            using var response = await http.GetAsync(new Uri("/api/overview", UriKind.Relative), stop);
            if (response.StatusCode == System.Net.HttpStatusCode.Unauthorized)
                throw new NativeFailedException("RabbitMQ refused its user: its data is of other secrets; --reset begins anew.");
            return response.IsSuccessStatusCode;
        }
        catch (Exception error) when (error is SocketException or HttpRequestException)
        {
            return false;
        }
        catch (TaskCanceledException) when (!stop.IsCancellationRequested)
        {
            return false;
        }
    }
}
