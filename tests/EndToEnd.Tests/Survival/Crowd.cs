using System.Collections.Concurrent;
using System.Globalization;
using WpAsis.EndToEnd.Tests.Businesses;

namespace WpAsis.EndToEnd.Tests.Survival;

/// <summary>Contacts of one business. Each writes one message.</summary>
internal sealed class Crowd(Business business, string numbers, int size)
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);
    private readonly ConcurrentQueue<int> _answers = new();
    private int _written;

    public IReadOnlyList<string> Contacts { get; } =
    [.. Enumerable.Range(0, size).Select(i => numbers + i.ToString("D7", CultureInfo.InvariantCulture))];

    /// <summary>What the gateway answered when Meta came for the first time; 0 is no answer. Meta comes again until it is 200.</summary>
    public IReadOnlyDictionary<int, int> FirstAnswers =>
        _answers.GroupBy(status => status).OrderBy(same => same.Key).ToDictionary(same => same.Key, same => same.Count());

    /// <summary>The next contact, who is about to write.</summary>
    public string Next() => Contacts[Interlocked.Increment(ref _written) - 1];

    /// <summary>So many write, ten in a second; returns when Meta has come with each for the first time.</summary>
    public async Task WriteAsync(int count)
    {
        using var timer = new PeriodicTimer(Pace);
        var written = new List<Task>();
        for (var i = 0; i < count; i++)
        {
            written.Add(WriteAsync(Next()));
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
        await Task.WhenAll(written);
    }

    /// <summary>One writes.</summary>
    public async Task WriteAsync(string contact)
    {
        var written = await business.WriteAsync(contact, "when are you open on Saturday?");
        _answers.Enqueue(written.GetProperty("status").GetInt32());
    }
}
