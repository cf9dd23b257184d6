using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace WpAsis.MessagingGateway.Replies;

/// <summary>Statements in a context's open transaction: rows that several replicas fight for are locked and changed by SQL.</summary>
internal static class SendSql
{
    /// <summary>The context's connection; commands on it belong to its open transaction.</summary>
    public static NpgsqlConnection Connection(this DbContext db) => (NpgsqlConnection)db.Database.GetDbConnection();

    /// <summary>A command with positional parameters.</summary>
    public static NpgsqlCommand Command(this NpgsqlConnection connection, string sql, params ReadOnlySpan<object?> values)
    {
#pragma warning disable CA2100 // Every text is a constant of ours; values are parameters.
        var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value });
        return command;
    }

    /// <summary>Runs a statement; how many rows it changed.</summary>
    public static async Task<int> RunAsync(
        this NpgsqlConnection connection,
        string sql,
        object?[] values,
        CancellationToken cancellationToken
    )
    {
        await using var command = connection.Command(sql, values);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Reads all rows of a statement that returns few.</summary>
    public static async Task<List<TRow>> ReadAsync<TRow>(
        this NpgsqlConnection connection,
        string sql,
        object?[] values,
        Func<NpgsqlDataReader, TRow> row,
        CancellationToken cancellationToken
    )
    {
        await using var command = connection.Command(sql, values);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<TRow>();
        while (await reader.ReadAsync(cancellationToken))
            rows.Add(row(reader));
        return rows;
    }

    /// <summary>A column that may be null.</summary>
    public static TValue? Maybe<TValue>(this NpgsqlDataReader reader, string column)
        where TValue : struct
    {
        var ordinal = reader.GetOrdinal(column);
        return reader.IsDBNull(ordinal) ? null : reader.GetFieldValue<TValue>(ordinal);
    }

    /// <summary>A text or bytes that may be null.</summary>
    public static TValue? MaybeObject<TValue>(this NpgsqlDataReader reader, string column)
        where TValue : class
    {
        var ordinal = reader.GetOrdinal(column);
        return reader.IsDBNull(ordinal) ? null : reader.GetFieldValue<TValue>(ordinal);
    }

    /// <summary>A column that is never null.</summary>
    public static TValue Value<TValue>(this NpgsqlDataReader reader, string column) =>
        reader.GetFieldValue<TValue>(reader.GetOrdinal(column));
}
