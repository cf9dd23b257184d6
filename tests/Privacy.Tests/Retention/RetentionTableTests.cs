using System.Reflection;
using WpAsis.Privacy.Classification;
using WpAsis.Privacy.Retention;

namespace WpAsis.Privacy.Tests.Retention;

public sealed class RetentionTableTests
{
    [Fact]
    public void Every_period_has_a_line_and_every_line_with_a_period_has_its_value()
    {
        var periods = typeof(RetentionTable)
            .GetProperties()
            .Where(property => property.PropertyType == typeof(TimeSpan))
            .ToDictionary(property => property.Name, property => (TimeSpan?)property.GetValue(null)!, StringComparer.Ordinal);
        var lines = RetentionTable
            .Rules.Where(rule => rule.Period is not null)
            .ToDictionary(rule => rule.Name, rule => rule.Period, StringComparer.Ordinal);

        lines.OrderBy(line => line.Key, StringComparer.Ordinal).ShouldBe(periods.OrderBy(line => line.Key, StringComparer.Ordinal));
        RetentionTable.Rules.ShouldAllBe(rule => (rule.Until == KeptUntil.Elapsed) == (rule.Period != null));
        RetentionTable.Rules.Select(rule => rule.Name).ShouldBeUnique(StringComparer.Ordinal);
    }

    [Fact]
    public void System_logs_are_kept_ninety_days_as_the_policy_says() => RetentionTable.SystemLogs.ShouldBe(TimeSpan.FromDays(90));

    [Fact]
    public void Every_retention_that_a_declaration_names_is_a_line_of_the_table()
    {
        var cited = typeof(RetentionTable)
            .Assembly.GetTypes()
            .SelectMany(type => type.GetProperties())
            .Select(property => property.GetCustomAttribute<PersonalDataAttribute>())
            .OfType<PersonalDataAttribute>()
            .Select(attribute => attribute.Retention)
            .ToList();

        cited.ShouldNotBeEmpty();
        cited.ShouldBeSubsetOf(RetentionTable.Rules.Select(rule => rule.Name), StringComparer.Ordinal);
    }
}
