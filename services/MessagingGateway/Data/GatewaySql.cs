using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace WpAsis.MessagingGateway.Data;

/// <summary>
/// Statements in a connection's open transaction: many rows at once, and rows that several replicas fight for, are written by SQL.
/// A value is itself or a parameter of a kind of its own (<see cref="SetSql" />).
/// </summary>
internal static class GatewaySql
{
    /// <summary>The context's connection; commands on it belong to its open transaction.</summary>
    public static NpgsqlConnection Connection(this DbContext db) => (NpgsqlConnection)db.Database.GetDbConnection();

    /// <summary>Runs a statement; how many rows it changed.</summary>
    public static async Task<int> RunAsync(
        this NpgsqlConnection connection,
        string sql,
        object?[] values,
        CancellationToken cancellationToken
    )
    {
        await using var command = Command(connection, sql, values);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Reads all rows of a statement.</summary>
    public static async Task<List<TRow>> ReadAsync<TRow>(
        this NpgsqlConnection connection,
        string sql,
        object?[] values,
        Func<NpgsqlDataReader, TRow> row,
        CancellationToken cancellationToken
    )
    {
        await using var command = Command(connection, sql, values);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<TRow>();
        while (await reader.ReadAsync(cancellationToken))
            rows.Add(row(reader));
        return rows;
    }

    /// <summary>A column that is never null.</summary>
    public static TValue Value<TValue>(this NpgsqlDataReader reader, string column) =>
        reader.GetFieldValue<TValue>(reader.GetOrdinal(column));

    /// <summary>A column that may be null.</summary>
    public static TValue? Maybe<TValue>(this NpgsqlDataReader reader, string column)
        where TValue : struct => reader.Maybe<TValue>(reader.GetOrdinal(column));

    /// <inheritdoc cref="Maybe{TValue}(NpgsqlDataReader, string)" />
    public static TValue? Maybe<TValue>(this NpgsqlDataReader reader, int column)
        where TValue : struct => reader.IsDBNull(column) ? null : reader.GetFieldValue<TValue>(column);

    /// <summary>A text or bytes that may be null.</summary>
    public static TValue? MaybeObject<TValue>(this NpgsqlDataReader reader, string column)
        where TValue : class
    {
        var ordinal = reader.GetOrdinal(column);
        return reader.IsDBNull(ordinal) ? null : reader.GetFieldValue<TValue>(ordinal);
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, object?[] values)
    {
#pragma warning disable CA2100 // Every text is a constant of ours; values are parameters.
        var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        foreach (var value in values)
            command.Parameters.Add(value as NpgsqlParameter ?? new NpgsqlParameter { Value = value ?? DBNull.Value });
        return command;
    }
}
