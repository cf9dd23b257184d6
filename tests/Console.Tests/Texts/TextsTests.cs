using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace WpAsis.Console.Tests.Texts;

/// <summary>What is said to people is there in both languages.</summary>
public sealed class TextsTests
{
    private static readonly string Services = Path.Combine(FindRoot(), "services");

    public static TheoryData<string> Files =>
        [.. Directory.GetFiles(Services, "*.tr.resx", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Services, file))];

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_text_exists_in_Turkish_and_in_English_with_the_same_places_to_fill_in(string turkish)
    {
        var tr = Read(Path.Combine(Services, turkish));
        var en = Read(Path.Combine(Services, turkish.Replace(".tr.resx", ".resx", StringComparison.Ordinal)));

        tr.Keys.ShouldBe(en.Keys, ignoreOrder: true);
        foreach (var (name, text) in en)
            Places(tr[name]).ShouldBe(Places(text), name);
    }

    private static Dictionary<string, string> Read(string file) =>
        XDocument
            .Load(file)
            .Root!.Elements("data")
            .ToDictionary(data => data.Attribute("name")!.Value, data => data.Element("value")!.Value, StringComparer.Ordinal);

    private static IEnumerable<string> Places(string text) =>
        Regex.Matches(text, @"\{\d+\}", RegexOptions.NonBacktracking).Select(match => match.Value).Order(StringComparer.Ordinal);

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "WpAsis.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("WpAsis.sln was not found above the tests.");
    }
}
