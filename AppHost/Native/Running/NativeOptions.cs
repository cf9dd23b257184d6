using System.Globalization;
using WpAsis.AppHost.Native.Ports;

namespace WpAsis.AppHost.Native.Running;

/// <summary>How to run the system.</summary>
public sealed record NativeOptions
{
    /// <summary>What <c>--help</c> prints.</summary>
    public const string Help = """
        Runs WpAsis as plain processes: PostgreSQL, RabbitMQ, the provider sandbox, the five services and the console.

          dotnet run --project AppHost/Native -- [options]

          --base-port N    first port of the block (default 7100; moves on by 1,000 while the block is taken)
          --replicas N     N of each service and of the console (1 to 9, default 1)
          --no-sandbox     real providers; their values come from Parameters__<name> variables, a list of missing ones is printed
          --reset          begin anew: empties .local/ first (data, secrets, certificates)
          --help           this text

        Everything lies in .local/; run.json there says where everything listens. Ctrl+C stops all of it.
        """;

    /// <summary>The clone.</summary>
    public required string Root { get; init; }

    /// <summary>Where data, secrets, logs and run.json lie; one running system per folder.</summary>
    public required string Folder { get; init; }

    /// <summary>First port to try.</summary>
    public int BasePort { get; init; } = Topology.DefaultBasePort;

    /// <summary>How many of each service and of the console.</summary>
    public int Replicas { get; init; } = 1;

    /// <summary>Plays Meta, OpenAI, Stripe, the mail relay and a phone; without it the operator supplies the real ones.</summary>
    public bool HasSandbox { get; init; } = true;

    /// <summary>Builds the services first; tests have built them already.</summary>
    public bool Builds { get; init; } = true;

    /// <summary>Empties the folder first.</summary>
    public bool Resets { get; init; }

    /// <summary>Folder below <c>bin/</c> in which the services lie: the configuration this program was built with.</summary>
    public static string Configuration { get; } = FindConfiguration();

    /// <summary>Reads the command line; null when help was asked for.</summary>
    /// <exception cref="NativeFailedException">Something on it is not understood.</exception>
    public static NativeOptions? Parse(IReadOnlyList<string> arguments, string root)
    {
        var options = new NativeOptions { Root = root, Folder = Path.Combine(root, ".local") };
        for (var index = 0; index < arguments.Count; index++)
        {
            switch (arguments[index])
            {
                case "--help" or "-h":
                    return null;
                case "--reset":
                    options = options with { Resets = true };
                    break;
                case "--no-sandbox":
                    options = options with { HasSandbox = false };
                    break;
                case "--base-port":
                    options = options with { BasePort = Number(arguments, ++index, 1_024, 60_000) };
                    break;
                case "--replicas":
                    options = options with { Replicas = Number(arguments, ++index, 1, PortBlock.MostReplicas) };
                    break;
                default:
                    throw new NativeFailedException($"'{arguments[index]}' is no option. --help lists them.");
            }
        }
        return options;
    }

    /// <summary>The built program of a project.</summary>
    /// <param name="project">Folder of the project, from the root of the clone.</param>
    public string Program(string project)
    {
        var path = Path.Combine(Root, project, "bin", Configuration, "net10.0", $"WpAsis.{Path.GetFileName(project)}.dll");
        return File.Exists(path) ? path : throw new NativeFailedException($"{path} is not there: build the solution first.");
    }

    private static int Number(IReadOnlyList<string> arguments, int index, int least, int most)
    {
        var text = index < arguments.Count ? arguments[index] : "";
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
            return number;
        throw new NativeFailedException($"{arguments[index - 1]} wants a number from {least} to {most}.");
    }

    // …/bin/Debug/net10.0/
    private static string FindConfiguration() =>
        Directory.GetParent(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar))?.Name ?? "Debug";
}
