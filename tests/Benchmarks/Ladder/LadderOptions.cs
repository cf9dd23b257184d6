using System.Globalization;
using WpAsis.AppHost.Native;

namespace WpAsis.Benchmarks.Ladder;

/// <summary>What is measured, and for how long.</summary>
internal sealed record LadderOptions
{
    /// <summary>The rungs, from the ground up.</summary>
    public static readonly IReadOnlyList<string> AllRungs = ["bare", "ef", "statement", "coalesced", "gateway"];

    public const string Help = """
        Measures the webhook intake beside simpler ways to do less, all on this machine, one after the other in one run.

          dotnet run --project tests/Benchmarks -c Release -- [options]

          --rungs a,b         of bare, ef, statement, coalesced, gateway (default: all)
          --rounds N          how often the rungs take turns (default 2)
          --seconds N         load on each rung in each round (default 10)
          --connections A,B   keep-alive connections, one request at a time on each (default 64)
          --warm-up N         load on each rung before it is measured (default 10)
          --paced N           seconds at 100 POST/s on each rung in each round (default 4; 0 leaves it out)
          --contacts N        contacts that write (default 2000)
          --help              this text

        It installs PostgreSQL and RabbitMQ where they are missing, and starts its own below .local/benchmarks/.
        Judge the ratios: absolute figures are this machine's, and of the moment.
        """;

    public IReadOnlyList<string> Rungs { get; init; } = AllRungs;

    public int Rounds { get; init; } = 2;

    public TimeSpan Load { get; init; } = TimeSpan.FromSeconds(10);

    public TimeSpan WarmUp { get; init; } = TimeSpan.FromSeconds(10);

    public IReadOnlyList<int> Connections { get; init; } = [64];

    public TimeSpan Paced { get; init; } = TimeSpan.FromSeconds(4);

    public int Contacts { get; init; } = 2_000;

    /// <summary>Reads the command line; null when help was asked for.</summary>
    /// <exception cref="NativeFailedException">Something on it is not understood.</exception>
    public static LadderOptions? Parse(IReadOnlyList<string> arguments)
    {
        var options = new LadderOptions();
        for (var at = 0; at < arguments.Count; at++)
        {
            var value = at + 1 < arguments.Count ? arguments[at + 1] : "";
            switch (arguments[at])
            {
                case "--help" or "-h":
                    return null;
                case "--rungs":
                    options = options with { Rungs = ReadRungs(value) };
                    break;
                case "--rounds":
                    options = options with { Rounds = Number("--rounds", value, 1, 20) };
                    break;
                case "--seconds":
                    options = options with { Load = TimeSpan.FromSeconds(Number("--seconds", value, 1, 600)) };
                    break;
                case "--connections":
                    options = options with { Connections = [.. value.Split(',').Select(one => Number("--connections", one, 1, 1_024))] };
                    break;
                case "--warm-up":
                    options = options with { WarmUp = TimeSpan.FromSeconds(Number("--warm-up", value, 1, 600)) };
                    break;
                case "--paced":
                    options = options with { Paced = TimeSpan.FromSeconds(Number("--paced", value, 0, 600)) };
                    break;
                case "--contacts":
                    options = options with { Contacts = Number("--contacts", value, 1, 1_000_000) };
                    break;
                default:
                    throw new NativeFailedException($"'{arguments[at]}' is no option. --help lists them.");
            }
            at++;
        }
        return options;
    }

    private static List<string> ReadRungs(string value)
    {
        var rungs = value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (rungs.Length == 0 || Array.Find(rungs, rung => !AllRungs.Contains(rung, StringComparer.Ordinal)) is not null)
            throw new NativeFailedException($"--rungs wants some of {string.Join(", ", AllRungs)}.");
        return [.. AllRungs.Where(rung => rungs.Contains(rung, StringComparer.Ordinal))];
    }

    private static int Number(string option, string value, int least, int most) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new NativeFailedException($"{option} wants a number from {least} to {most}.");
}
