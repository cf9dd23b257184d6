using Npgsql;
using NpgsqlTypes;

namespace WpAsis.MessagingGateway.Data;

/// <summary>Statements over many rows at once: every column travels as one array.</summary>
internal static class SetSql
{
    public static NpgsqlParameter Uuids(IEnumerable<Guid> values) => Of(values.ToArray(), NpgsqlDbType.Uuid);

    public static NpgsqlParameter MaybeUuids(IEnumerable<Guid?> values) => Of(values.ToArray(), NpgsqlDbType.Uuid);

    public static NpgsqlParameter Texts(IEnumerable<string?> values) => Of(values.ToArray(), NpgsqlDbType.Text);

    public static NpgsqlParameter Bytes(IEnumerable<byte[]?> values) => Of(values.ToArray(), NpgsqlDbType.Bytea);

    public static NpgsqlParameter Times(IEnumerable<DateTimeOffset> values) => Of(values.ToArray(), NpgsqlDbType.TimestampTz);

    public static NpgsqlParameter MaybeTimes(IEnumerable<DateTimeOffset?> values) => Of(values.ToArray(), NpgsqlDbType.TimestampTz);

    public static NpgsqlParameter Longs(IEnumerable<long> values) => Of(values.ToArray(), NpgsqlDbType.Bigint);

    public static NpgsqlParameter Numbers(IEnumerable<int> values) => Of(values.ToArray(), NpgsqlDbType.Integer);

    public static NpgsqlParameter MaybeNumbers(IEnumerable<int?> values) => Of(values.ToArray(), NpgsqlDbType.Integer);

    public static NpgsqlParameter Flags(IEnumerable<bool> values) => Of(values.ToArray(), NpgsqlDbType.Boolean);

    public static NpgsqlParameter MaybeFlags(IEnumerable<bool?> values) => Of(values.ToArray(), NpgsqlDbType.Boolean);

    public static NpgsqlParameter One(object value) => new() { Value = value };

    /// <summary>Runs a statement in the connection's open transaction; how many rows it changed.</summary>
    public static async Task<int> ExecuteAsync(
        this NpgsqlConnection connection,
        string sql,
        NpgsqlParameter[] values,
        CancellationToken cancellationToken
    )
    {
        await using var command = Command(connection, sql, values);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Reads what a statement returns.</summary>
    public static async Task<List<TRow>> QueryAsync<TRow>(
        this NpgsqlConnection connection,
        string sql,
        NpgsqlParameter[] values,
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

    /// <summary>A value that may be absent.</summary>
    public static TValue? Maybe<TValue>(this NpgsqlDataReader reader, int column)
        where TValue : struct => reader.IsDBNull(column) ? null : reader.GetFieldValue<TValue>(column);

    /// <summary>Bytes that may be absent.</summary>
    public static byte[]? MaybeBytes(this NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetFieldValue<byte[]>(column);

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, NpgsqlParameter[] values)
    {
#pragma warning disable CA2100 // Every text is a constant of ours; values are parameters.
        var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        command.Parameters.AddRange(values);
        return command;
    }

    private static NpgsqlParameter Of(Array values, NpgsqlDbType type) =>
        new() { Value = values, NpgsqlDbType = NpgsqlDbType.Array | type };
}
