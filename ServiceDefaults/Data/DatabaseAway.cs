using Npgsql;

namespace WpAsis.ServiceDefaults.Data;

/// <summary>Tells an outage of the database from an error in what was asked of it: an outage is nobody's attempt.</summary>
public static class DatabaseAway
{
    /// <summary>It, or what caused it, goes by itself: no connection, no free connection, a lock, a restart.</summary>
    public static bool Caused(Exception error) =>
        error is NpgsqlException { IsTransient: true } or TimeoutException || (error.InnerException is { } inner && Caused(inner));
}
