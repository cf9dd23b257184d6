using Npgsql;
using NpgsqlTypes;

namespace WpAsis.MessagingGateway.Data;

/// <summary>Parameters of statements over many rows at once: every column travels as one array.</summary>
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

    private static NpgsqlParameter Of(Array values, NpgsqlDbType type) =>
        new() { Value = values, NpgsqlDbType = NpgsqlDbType.Array | type };
}
