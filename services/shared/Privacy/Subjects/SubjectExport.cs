using System.Reflection;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Npgsql;
using WpAsis.Privacy.Classification;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Sealing;

namespace WpAsis.Privacy.Subjects;

/// <summary>One row of an export, by the names of the declaration.</summary>
/// <param name="Table">The table.</param>
/// <param name="Values">What stands in it.</param>
public sealed record ExportedRow(SubjectTable Table, IReadOnlyDictionary<string, object?> Values);

/// <summary>Opens the words of a row; null where their epoch is gone.</summary>
public delegate string? OpenContent(ExportedRow row, SealedContent content);

/// <summary>
/// Writes what a service holds about a person, derived from the same plan as erasure, as one JSON object a line: a table and a row.
/// Rows are read and written one by one. Credentials and keyed hashes stay where they are; what a customer wrote is the customer's.
/// The last line says how many rows there were: who does not find it has a part only.
/// </summary>
public sealed class SubjectExport(DbContext db, DataSubjectId subject, DataKey? key, string service, OpenContent? open)
{
    private int _rows;

    /// <summary>Writes in the caller's transaction, for each customer in whose rows the person may stand.</summary>
    public async Task WriteAsync(Stream output, IReadOnlyList<TenantId> tenants, CancellationToken cancellationToken)
    {
        foreach (var table in SubjectPlan.Of(db.Model).Tables.Reverse())
        {
            if (!Columns(table).Any())
                continue;
            if (tenants.Count == 0 || !BelongsToTenants(table))
            {
                await WriteAsync(output, table, tenant: null, cancellationToken);
                continue;
            }
            foreach (var tenant in tenants)
            {
                await db.Database.ExecuteSqlAsync($"select set_config('app.tenant', {tenant.Value.ToString()}, true)", cancellationToken);
                await WriteAsync(output, table, tenant, cancellationToken);
            }
        }
        await WriteLineAsync(output, writer => writer.WriteNumber("rows", _rows), cancellationToken);
    }

    /// <summary>The columns that an export holds, by their names in it: for the README and the tests.</summary>
    public static IEnumerable<string> ColumnsOf(SubjectTable table) => Columns(table).Select(property => NameOf(property));

    private async Task WriteAsync(Stream output, SubjectTable table, TenantId? tenant, CancellationToken cancellationToken)
    {
        var columns = Columns(table).ToList();
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
#pragma warning disable CA2100 // The text is derived from the model; the person is a parameter.
        await using var command = new NpgsqlCommand(tenant is null ? table.SelectSql : table.SelectOfTenantSql, connection);
#pragma warning restore CA2100
        command.Parameters.Add(new NpgsqlParameter { Value = subject.Value });
        if (tenant is { } one)
            command.Parameters.Add(new NpgsqlParameter { Value = one.Value });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var values = new Dictionary<string, object?>(StringComparer.Ordinal);
            foreach (var property in columns)
                values[NameOf(property)] = Read(reader, property);
            var row = new ExportedRow(table, values);
            await WriteLineAsync(output, writer => Write(writer, row, columns), cancellationToken);
            _rows++;
        }
    }

    private void Write(Utf8JsonWriter writer, ExportedRow row, List<IProperty> columns)
    {
        writer.WriteString("table", row.Table.Name);
        writer.WriteStartObject("row");
        foreach (var property in columns)
        {
            var name = NameOf(property);
            var value = row.Values[name] switch
            {
                SealedText text => Unseal(row.Table, property, text),
                SealedContent content => open?.Invoke(row, content),
                var other => other,
            };
            writer.WritePropertyName(name);
            JsonSerializer.Serialize(writer, value, value?.GetType() ?? typeof(object), ExportJson.Options);
        }
        writer.WriteEndObject();
    }

    // A value under a key that is not the person's is not theirs to open.
    private string? Unseal(SubjectTable table, IProperty property, SealedText text) =>
        key is not null && text.For == key.For && text.Owner == key.Owner
            ? key.Unseal(new SealedColumn(service, table.Name, property.GetColumnName()), text)
            : null;

    private static object? Read(NpgsqlDataReader reader, IProperty property)
    {
        var ordinal = reader.GetOrdinal(property.GetColumnName());
        if (reader.IsDBNull(ordinal))
            return null;
        var type = Bare(property);
        if (type == typeof(DateTimeOffset))
            return reader.GetFieldValue<DateTimeOffset>(ordinal);
        var converter = property.GetTypeMapping().Converter ?? property.GetValueConverter();
        var value = reader.GetValue(ordinal);
        return converter is null ? value : converter.ConvertFromProvider(value);
    }

    private static IEnumerable<IProperty> Columns(SubjectTable table) => table.Entity.GetProperties().Where(IsTheirs);

    private static bool IsTheirs(IProperty property)
    {
        var declared = property.PropertyInfo?.GetCustomAttribute<PersonalDataAttribute>();
        if (declared is CredentialAttribute or TenantTextAttribute or TenantSecretAttribute || property.IsConcurrencyToken)
            return false;
        var type = Bare(property);
        return type != typeof(byte[]) && property.PropertyInfo is not null;
    }

    // Technical tables show all customers' rows at once: the customer is asked for by name, so that no row is written twice.
    private static bool BelongsToTenants(SubjectTable table) => table.Entity.FindProperty("TenantId") is { IsNullable: false };

    private static string NameOf(IProperty property) => JsonNamingPolicy.CamelCase.ConvertName(property.Name);

    private static Type Bare(IProperty property) => Nullable.GetUnderlyingType(property.ClrType) ?? property.ClrType;

    private static async Task WriteLineAsync(Stream output, Action<Utf8JsonWriter> write, CancellationToken cancellationToken)
    {
        using var line = new MemoryStream();
        await using (var writer = new Utf8JsonWriter(line, ExportJson.Writing))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }
        line.WriteByte((byte)'\n');
        line.Position = 0;
        await line.CopyToAsync(output, cancellationToken);
    }
}

/// <summary>How an export is written: words as they are, so that a person can read them.</summary>
public static class ExportJson
{
    /// <summary>Values.</summary>
    public static JsonSerializerOptions Options { get; } =
        new(JsonSerializerDefaults.Web)
        {
            Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter() },
        };

    /// <summary>Lines.</summary>
    public static JsonWriterOptions Writing { get; } =
        new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
