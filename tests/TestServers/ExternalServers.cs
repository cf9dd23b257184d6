using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace WpAsis.TestServers;

/// <summary>
/// Servers that somebody else runs: <c>WPASIS_TEST_POSTGRES</c> is a superuser's connection string, <c>WPASIS_TEST_RABBITMQ</c> the
/// management API and the AMQP address with a space between: <c>https://admin:password@host:15671 amqps://host:5671</c>.
/// </summary>
internal static class ExternalServers
{
    private const string PostgresVariable = "WPASIS_TEST_POSTGRES";
    private const string RabbitVariable = "WPASIS_TEST_RABBITMQ";

    /// <summary>Null where no variable is set.</summary>
    public static ServersFile? Find()
    {
        var postgres = Environment.GetEnvironmentVariable(PostgresVariable);
        var rabbit = Environment.GetEnvironmentVariable(RabbitVariable);
        if (string.IsNullOrEmpty(postgres) && string.IsNullOrEmpty(rabbit))
            return null;
        if (string.IsNullOrEmpty(postgres) || rabbit?.Split(' ') is not [var management, var address])
            throw new InvalidOperationException(
                $"{PostgresVariable} and {RabbitVariable} belong together; the latter is a management address, a space, an AMQP address."
            );

        var settings = new NpgsqlConnectionStringBuilder(postgres);
        // The same in every test process without a word between them: roles belong to the whole cluster.
        var password = HMACSHA256.HashData(Encoding.UTF8.GetBytes(settings.Password ?? ""), "wpasis test roles"u8);
        return new ServersFile(
            postgres,
            new Uri(management),
            new Uri(address),
            Convert.ToHexStringLower(password),
            settings.RootCertificate ?? "",
            Processes: []
        );
    }
}
