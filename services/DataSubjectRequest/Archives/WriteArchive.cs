using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Subjects;

namespace WpAsis.DataSubjectRequest.Archives;

/// <summary>What an archive holds: its files with their hashes, and by which schema they are written.</summary>
internal sealed class Manifest(SubjectRequestId requestId, DateTimeOffset generatedAt)
{
    public int SchemaVersion { get; } = 1;

    public SubjectRequestId RequestId { get; } = requestId;

    public DateTimeOffset GeneratedAt { get; } = generatedAt;

    public List<ManifestFile> Files { get; } = [];
}

/// <summary>One file of an archive.</summary>
internal sealed record ManifestFile(string Name, long Bytes, string Sha256, int? Rows);

/// <summary>Writes the files of an archive as they come.</summary>
internal static class WriteArchive
{
    // One row; content is at most 64 KiB before it is written as JSON.
    private const int LongestLine = 1024 * 1024;
    private static readonly JsonSerializerOptions Readable = new(ExportJson.Options) { WriteIndented = true };

    /// <summary>What this is, for people.</summary>
    public static async Task ReadMeAsync(ZipArchive zip, Manifest manifest, CancellationToken cancellationToken)
    {
        foreach (var name in (string[])["README.tr.txt", "README.en.txt"])
        {
            await using var text = typeof(WriteArchive).Assembly.GetManifestResourceStream(typeof(WriteArchive), name)!;
            using var reader = new StreamReader(text);
            var filled = (await reader.ReadToEndAsync(cancellationToken))
                .Replace("{request}", manifest.RequestId.ToString(), StringComparison.Ordinal)
                .Replace(
                    "{date}",
                    manifest.GeneratedAt.ToString("u", System.Globalization.CultureInfo.InvariantCulture),
                    StringComparison.Ordinal
                );
            await using var file = await FileInArchive.OpenAsync(zip, name, cancellationToken);
            await file.WriteAsync(filled, cancellationToken);
            manifest.Files.Add(await file.EndAsync(rows: null));
        }
    }

    /// <summary>A service's rows, table by table, as one JSON document.</summary>
    public static async Task ServiceAsync(
        ZipArchive zip,
        Manifest manifest,
        string service,
        HttpResponseMessage answer,
        CancellationToken cancellationToken
    )
    {
        await using var file = await FileInArchive.OpenAsync(zip, $"data/{service}.json", cancellationToken);
        await file.WriteAsync($$"""{"schemaVersion":{{manifest.SchemaVersion}},"service":"{{service}}","tables":{""", cancellationToken);
        await using var body = await answer.Content.ReadAsStreamAsync(cancellationToken);
        using var lines = new StreamReader(body, Encoding.UTF8);
        var (rows, announced, table) = (0, (int?)null, (string?)null);
        while (await lines.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.Length > LongestLine || announced is not null)
                throw new InvalidDataException($"{service} answers what is no export.");
            using var json = JsonDocument.Parse(line);
            if (json.RootElement.TryGetProperty("rows", out var count))
            {
                announced = count.GetInt32();
                continue;
            }
            var name = json.RootElement.GetProperty("table").GetString()!;
            var before =
                name == table ? ",\n"
                : table is null ? $"\n{JsonSerializer.Serialize(name)}:[\n"
                : $"\n],\n{JsonSerializer.Serialize(name)}:[\n";
            await file.WriteAsync(before + json.RootElement.GetProperty("row").GetRawText(), cancellationToken);
            (table, rows) = (name, rows + 1);
        }
        // The last line is missing where the stream broke off: a part must not look like the whole.
        if (announced != rows)
            throw new InvalidDataException($"{service} sent {rows} rows of {announced}.");
        await file.WriteAsync(table is null ? "}}\n" : "\n]}}\n", cancellationToken);
        manifest.Files.Add(await file.EndAsync(rows));
    }

    /// <summary>The list of the files.</summary>
    public static async Task ManifestAsync(ZipArchive zip, Manifest manifest, CancellationToken cancellationToken)
    {
        var json = JsonSerializer.Serialize(manifest, Readable);
        await using var file = await FileInArchive.OpenAsync(zip, "manifest.json", cancellationToken);
        await file.WriteAsync(json, cancellationToken);
        _ = await file.EndAsync(rows: null);
    }

    private sealed class FileInArchive(string name, Stream stream) : IAsyncDisposable
    {
        private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        private long _bytes;

        public static async Task<FileInArchive> OpenAsync(ZipArchive zip, string name, CancellationToken cancellationToken) =>
            new(name, await zip.CreateEntry(name, CompressionLevel.Optimal).OpenAsync(cancellationToken));

        public async Task WriteAsync(string text, CancellationToken cancellationToken)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            _hash.AppendData(bytes);
            _bytes += bytes.Length;
            await stream.WriteAsync(bytes, cancellationToken);
        }

        public async Task<ManifestFile> EndAsync(int? rows)
        {
            await stream.DisposeAsync();
            return new(name, _bytes, Convert.ToHexStringLower(_hash.GetHashAndReset()), rows);
        }

        public async ValueTask DisposeAsync()
        {
            await stream.DisposeAsync();
            _hash.Dispose();
        }
    }
}
