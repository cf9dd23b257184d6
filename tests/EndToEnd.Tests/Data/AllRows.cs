using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using WpAsis.AppHost;

namespace WpAsis.EndToEnd.Tests;

/// <summary>A row as JSON, with every value in it.</summary>
internal sealed record AnyRow(string Table, string Json, IReadOnlySet<string> Values);

/// <summary>Every row of every service's database, as the superuser reads it: what can be found out must stand here.</summary>
internal sealed class AllRows
{
    private const string Tables = """
        select format('%I.%I', n.nspname, c.relname) from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.relkind in ('r', 'p') and not c.relispartition and n.nspname not in ('pg_catalog', 'information_schema') order by 1
        """;

    // What is shorter is a state, a count or a language: it leads to nobody.
    private const int ShortestTrace = 16;
    private readonly List<AnyRow> _rows = [];

    private AllRows() { }

    public static async Task<AllRows> ReadAsync(RunningSystem system)
    {
        var all = new AllRows();
        foreach (var service in Topology.Services.Where(service => service.HasDatabase))
        {
            await using var database = system.OpenDatabase(service.Name);
            foreach (var table in await database.ReadAsync<string>(Tables))
            {
                var rows = await database.ReadAsync<string>($"select to_jsonb(t)::text from {table} t");
                all._rows.AddRange(rows.Select(json => new AnyRow($"{service.Name}: {table}", json, Values(json))));
            }
        }
        return all;
    }

    /// <summary>The rows in which an id stands, in whatever form.</summary>
    public List<AnyRow> Of(Guid id)
    {
        string[] forms =
        [
            id.ToString(),
            id.ToString("N"),
            Convert.ToHexStringLower(id.ToByteArray()),
            Convert.ToBase64String(id.ToByteArray(bigEndian: true)),
        ];
        return _rows.FindAll(row => forms.Any(form => row.Json.Contains(form, StringComparison.OrdinalIgnoreCase)));
    }

    /// <summary>
    /// The rows by which one comes from one person to another: they name both, or something that stands beside the one and something
    /// that stands beside the other. What stands beside a third person too (their customer, their number) leads nowhere.
    /// </summary>
    public IEnumerable<AnyRow> Between(Guid one, Guid other, Guid third)
    {
        var common = Beside(third);
        var (here, there) = (Beside(one), Beside(other));
        here.ExceptWith(common);
        there.ExceptWith(common);
        return _rows.Where(row => row.Values.Overlaps(here) && row.Values.Overlaps(there));
    }

    /// <summary>A hash of every table but those that the machinery itself writes.</summary>
    public Dictionary<string, string> Fingerprints(params string[] except) =>
        _rows
            .GroupBy(row => row.Table, StringComparer.Ordinal)
            .Where(table => !except.Any(name => table.Key.EndsWith(name, StringComparison.Ordinal)))
            .ToDictionary(table => table.Key, Fingerprint, StringComparer.Ordinal);

    private HashSet<string> Beside(Guid id) => Of(id).SelectMany(row => row.Values).ToHashSet(StringComparer.Ordinal);

    private static string Fingerprint(IEnumerable<AnyRow> rows) =>
        Convert.ToHexStringLower(
            SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', rows.Select(row => row.Json).Order(StringComparer.Ordinal))))
        );

    private static HashSet<string> Values(string json)
    {
        using var row = JsonDocument.Parse(json);
        return ValuesOf(row.RootElement).Where(value => value.Length >= ShortestTrace).ToHashSet(StringComparer.Ordinal);
    }

    private static IEnumerable<string> ValuesOf(JsonElement element) =>
        element.ValueKind switch
        {
            JsonValueKind.Object => element.EnumerateObject().SelectMany(property => ValuesOf(property.Value)),
            JsonValueKind.Array => element.EnumerateArray().SelectMany(ValuesOf),
            JsonValueKind.String => [element.GetString()!],
            _ => [],
        };
}
