using System.Text;

namespace WpAsis.EndToEnd.Tests.Watching;

/// <summary>After all other tests: nothing that was said in the run, nobody who said it and no token stands where it may not.</summary>
public sealed class SecrecyTests(RunningSystem system)
{
    [Fact]
    public async Task No_log_span_metric_or_queue_of_the_run_holds_what_was_said_who_said_it_or_a_token()
    {
        const string Contact = "905551077077";
        await system.Demo.DescribeAsync("We are open on Saturday from 10:00 to 16:00.");
        await system.Demo.WriteAsync(Contact, "kanarya-4711 when are you open on Saturday?");
        await system.Demo.WaitForReplyAsync(Contact);
        var search = new SecretSearch(system.Secrets.All);
        var searched = new Dictionary<string, long>(StringComparer.Ordinal);
        var found = new List<string>();

        void Look(string where, ReadOnlySpan<byte> bytes)
        {
            searched[where] = searched.GetValueOrDefault(where) + bytes.Length;
            if (found.Count < 20 && search.Find(bytes) is { } secret)
                found.Add($"{where}: {secret}");
        }

        foreach (var line in system.Log.Split('\n'))
            Look("log line", Encoding.UTF8.GetBytes(line));
        foreach (var (what, body) in system.Telemetry.Bodies)
            Look(what, body);
        foreach (var (exchange, body) in system.Bus.Messages)
            Look($"queue body", [.. Encoding.UTF8.GetBytes(exchange), .. body]);
        foreach (var (queue, body) in await system.Bus.ReadErrorsAsync())
            Look("error queue", [.. Encoding.UTF8.GetBytes(queue), .. body]);
        foreach (var file in Directory.EnumerateFiles(Path.Combine(system.Folder, "logs"), "*", SearchOption.AllDirectories))
            Look("server log", await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken));
        foreach (var line in await ReadSystemLogsAsync())
            Look("system log", Encoding.UTF8.GetBytes(line));

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{system.Secrets.All.Count} secrets; bytes searched: "
                + string.Join(", ", searched.Select(where => $"{where.Key} {where.Value}"))
        );
        string[] everywhere = ["log line", "span", "metric", "log record", "queue body", "server log"];
        everywhere.Where(where => searched.GetValueOrDefault(where) == 0).ShouldBeEmpty("there was nothing to search in");
        found.ShouldBeEmpty();
    }

    private async Task<List<string>> ReadSystemLogsAsync()
    {
        var lines = new List<string>();
        foreach (var service in AppHost.Topology.Services.Where(service => service.HasDatabase))
        {
            await using var database = system.OpenDatabase(service.Name);
            await using var command = database.CreateCommand("select to_jsonb(l)::text from log.system_log l");
            await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
            while (await reader.ReadAsync(TestContext.Current.CancellationToken))
                lines.Add(reader.GetString(0));
        }
        return lines;
    }
}
