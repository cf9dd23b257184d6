using System.Reflection;

namespace WpAsis.Architecture.Tests;

/// <summary>The repository as the tests see it: source files by path, services by assembly.</summary>
internal static class Repository
{
    private static readonly string[] Ignored = ["/bin/", "/obj/", "/.local/", "/Migrations/"];

    public static string Root { get; } = FindRoot();

    public static IReadOnlyDictionary<string, Assembly> Services { get; } =
        new[] { "Identity", "MessagingGateway", "AiResponder", "Billing", "DataSubjectRequest", "Console" }.ToDictionary(
            name => name,
            name => Assembly.Load("WpAsis." + name),
            StringComparer.Ordinal
        );

    public static IReadOnlyList<SourceFile> Sources { get; } =
    [
        .. Directory
            .EnumerateFiles(Root, "*.cs", SearchOption.AllDirectories)
            .Select(path => new SourceFile(Path.GetRelativePath(Root, path).Replace('\\', '/'), File.ReadAllText(path)))
            .Where(file => !Ignored.Any(part => ("/" + file.Path).Contains(part, StringComparison.Ordinal))),
    ];

    public static IEnumerable<SourceFile> Product => Sources.Where(file => !file.Path.StartsWith("tests/", StringComparison.Ordinal));

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "WpAsis.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("WpAsis.sln was not found above the tests.");
    }
}

internal sealed record SourceFile(string Path, string Text)
{
    public string[] Lines => Text.Split('\n');
}
