using System.Text.RegularExpressions;

namespace WpAsis.Architecture.Tests;

public sealed partial class BudgetTests
{
    private const int FileLines = 250;
    private const int ProgramLines = 60;
    private const int LineLength = 140;
    private const int ReadmeLines = 120;

    [Fact]
    public void Program_is_a_table_of_contents()
    {
        var long_ = Repository
            .Sources.Where(file =>
                file.Path.StartsWith("services/", StringComparison.Ordinal) && file.Path.EndsWith("/Program.cs", StringComparison.Ordinal)
            )
            .Where(file => file.Lines.Length > ProgramLines)
            .Select(file => file.Path);
        long_.ShouldBeEmpty();
    }

    [Fact]
    public void A_file_is_read_in_one_go() =>
        Repository
            .Sources.Where(file => file.Lines.Length > FileLines + 1)
            .Select(file => $"{file.Path}: {file.Lines.Length}")
            .ShouldBeEmpty();

    [Fact]
    public void A_line_fits_the_screen()
    {
        var long_ =
            from file in Repository.Sources
            from line in file.Lines.Select((text, i) => (Text: text.TrimEnd('\r'), Number: i + 1))
            where line.Text.Length > LineLength
            select $"{file.Path}:{line.Number}";
        long_.ShouldBeEmpty();
    }

    [Fact]
    public void The_readme_is_short() =>
        File.ReadAllLines(Path.Combine(Repository.Root, "README.md")).Length.ShouldBeLessThanOrEqualTo(ReadmeLines);

    [Fact]
    public void Nothing_is_left_behind() => Where(LeftBehind(), Repository.Product).ShouldBeEmpty();

    // Every instant comes from TimeProvider, so that the clock can be moved: the server's own never counts.
    [Fact]
    public void No_sql_reads_the_servers_clock() => Where(ServerClock(), Repository.Product).ShouldBeEmpty();

    [Fact]
    public void No_test_sleeps() =>
        Where(Sleep(), Repository.Sources.Where(file => file.Path.Contains(".Tests/", StringComparison.Ordinal)))
            .Where(place => !place.Contains(nameof(BudgetTests), StringComparison.Ordinal))
            .ShouldBeEmpty();

    private static IEnumerable<string> Where(Regex pattern, IEnumerable<SourceFile> files) =>
        from file in files
        from line in file.Lines.Select((text, i) => (Text: text, Number: i + 1))
        where pattern.IsMatch(line.Text)
        select $"{file.Path}:{line.Number}";

    [GeneratedRegex(@"\b(?:TODO|FIXME|HACK|NotImplementedException)\b", RegexOptions.NonBacktracking)]
    private static partial Regex LeftBehind();

    [GeneratedRegex(
        @"\b(?:now\(\)|current_timestamp|clock_timestamp\(\)|localtimestamp)",
        RegexOptions.NonBacktracking | RegexOptions.IgnoreCase
    )]
    private static partial Regex ServerClock();

    [GeneratedRegex(@"Thread\.Sleep\(|Task\.Delay\(", RegexOptions.NonBacktracking)]
    private static partial Regex Sleep();
}
