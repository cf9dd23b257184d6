using System.Globalization;
using Npgsql;
using WpAsis.AppHost.Native.Processes;

namespace WpAsis.AppHost.Native.Servers;

/// <summary>Where a private PostgreSQL lives and how it is reached.</summary>
/// <param name="Folder">Its files; its own.</param>
/// <param name="LogFolder">Its log files, one a day.</param>
/// <param name="Port">Port on localhost.</param>
/// <param name="Password">Password of the superuser <c>postgres</c>.</param>
/// <param name="Certificates">Certificate of localhost.</param>
/// <param name="IsDurable">Whether a commit is on the disk; tests that never cut the power save the time.</param>
public sealed record PostgresOptions(
    string Folder,
    string LogFolder,
    int Port,
    string Password,
    LocalCertificates Certificates,
    bool IsDurable = true
);

/// <summary>A PostgreSQL of our own from Debian's programs: TLS, SCRAM and localhost only, no personal data in its log.</summary>
public sealed class PrivatePostgres
{
    /// <summary>Its name in the list of processes.</summary>
    public const string ProcessName = "postgresql";

    private const string Superuser = "postgres";
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(90);

    private PrivatePostgres(ProcessRecord process, string connectionString)
    {
        Process = process;
        ConnectionString = connectionString;
    }

    /// <summary>The postmaster.</summary>
    public ProcessRecord Process { get; }

    /// <summary>Connection string of the superuser.</summary>
    public string ConnectionString { get; }

    /// <summary>Keywords by which a user reaches a database on localhost, the server's certificate verified.</summary>
    public static string Connect(int port, string authority, string database, string user, string password) =>
        new NpgsqlConnectionStringBuilder
        {
            Host = "localhost",
            Port = port,
            Database = database,
            Username = user,
            Password = password,
            SslMode = SslMode.VerifyFull,
            RootCertificate = authority,
        }.ConnectionString;

    /// <summary>Makes the cluster where there is none, starts it and waits until it answers.</summary>
    public static async Task<PrivatePostgres> StartAsync(
        PostgresOptions options,
        ProcessTable table,
        TimeProvider clock,
        CancellationToken stop
    )
    {
        var programs = await PostgresPrograms.FindAsync(stop);
        PrivateFolder.Create(options.Folder);
        PrivateFolder.Create(options.LogFolder);
        var data = Path.Combine(options.Folder, "data");
        if (!File.Exists(Path.Combine(data, "PG_VERSION")))
            await CreateAsync(programs, options, data, stop);

        var certificate = Path.Combine(options.Folder, "localhost.pem");
        var key = Path.Combine(options.Folder, "localhost.key");
        PrivateFolder.Write(certificate, await File.ReadAllTextAsync(options.Certificates.Certificate, stop));
        PrivateFolder.Write(key, await File.ReadAllTextAsync(options.Certificates.Key, stop));
        var openssl = Path.Combine(options.Folder, "openssl.cnf");
        PrivateFolder.Write(openssl, ServerSettings.OpenSsl);
        PrivateFolder.Write(Path.Combine(data, "pg_hba.conf"), PostgresConfiguration.HostBasedAccess);
        PrivateFolder.Write(Path.Combine(data, "postgresql.conf"), PostgresConfiguration.Server(options, certificate, key));
        await programs.OwnAsync(options.Folder, stop);
        await programs.OwnAsync(options.LogFolder, stop);

        // Before its logging collector runs PostgreSQL speaks to its standard output.
        var log = Path.Combine(options.LogFolder, "start.log");
        File.Delete(log);
        var process = ServerProcess.Start(
            ProcessName,
            [.. programs.Prefix, programs.Program("postgres"), "-D", data],
            new Dictionary<string, string>(StringComparer.Ordinal) { ["OPENSSL_CONF"] = openssl, ["LC_ALL"] = "C.UTF-8" },
            options.Folder,
            log,
            table
        );
        var connection = Connect(options.Port, options.Certificates.Authority, "postgres", Superuser, options.Password);
        try
        {
            await ServerProcess.WaitUntilAsync(process, () => AnswersAsync(connection, stop), StartLimit, log, clock, stop);
        }
        catch
        {
            process.EndNow();
            throw;
        }
        return new PrivatePostgres(process, connection);
    }

    /// <summary>Ends a server fast: transactions under way are rolled back, files are left tidy.</summary>
    public static async Task StopAsync(ProcessRecord process, TimeSpan limit, TimeProvider clock)
    {
        process.Press();
        await process.WaitForEndAsync(limit, clock);
    }

    private static async Task CreateAsync(PostgresPrograms programs, PostgresOptions options, string data, CancellationToken stop)
    {
        // In a draft folder: a cluster whose making was interrupted must not look like one.
        var draft = data + ".new";
        if (Directory.Exists(draft))
            Directory.Delete(draft, recursive: true);
        PrivateFolder.Create(draft);
        var passwordFile = Path.Combine(options.Folder, "password");
        PrivateFolder.Write(passwordFile, options.Password);
        try
        {
            await programs.OwnAsync(options.Folder, stop);
            string[] arguments =
            [
                "-D",
                draft,
                "-U",
                Superuser,
                "--pwfile",
                passwordFile,
                "--auth=scram-sha-256",
                "--data-checksums",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                "--no-sync",
            ];
            await programs.RunAsync("initdb", arguments, options.Folder, stop);
        }
        finally
        {
            File.Delete(passwordFile);
        }
        Directory.Move(draft, data);
    }

    private static async Task<bool> AnswersAsync(string connectionString, CancellationToken stop)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, Timeout = 5 };
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        try
        {
            await connection.OpenAsync(stop);
            return true;
        }
        catch (PostgresException refused) when (refused.SqlState != PostgresErrorCodes.CannotConnectNow)
        {
            throw new NativeFailedException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"PostgreSQL refused its superuser ({refused.SqlState}): its data is of other secrets; --reset begins anew."
                ),
                refused
            );
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }
}
