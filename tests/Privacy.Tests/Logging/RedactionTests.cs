using Microsoft.Extensions.Compliance.Classification;
using Microsoft.Extensions.Compliance.Redaction;
using Microsoft.Extensions.DependencyInjection;
using WpAsis.Privacy.Classification;
using WpAsis.Privacy.Logging;

namespace WpAsis.Privacy.Tests.Logging;

public sealed class RedactionTests
{
    private static readonly DataClassification Unheard = new("Somebody", "Else");

    [Fact]
    public void Personal_data_of_every_category_is_erased()
    {
        var redactors = Redactors(null);

        foreach (var category in PolicyCategories())
            Redact(redactors, category).ShouldBe("");
        Redact(redactors, Unheard).ShouldBeEmpty("a class nobody has heard of is no leak");
    }

    [Fact]
    public void Service_data_becomes_a_keyed_hash_where_a_key_is_given_and_nothing_else_does()
    {
        var redactors = Redactors([.. Enumerable.Repeat((byte)1, 32)]);
        var others = Redactors([.. Enumerable.Repeat((byte)2, 32)]);

        var hash = Redact(redactors, PolicyTaxonomy.ServiceData);

        hash.Length.ShouldBe(16);
        Redact(redactors, PolicyTaxonomy.ServiceData).ShouldBe(hash);
        string.Equals(Redact(others, PolicyTaxonomy.ServiceData), hash, StringComparison.Ordinal).ShouldBeFalse();
        foreach (var category in PolicyCategories().Where(category => category != PolicyTaxonomy.ServiceData).Append(Unheard))
            Redact(redactors, category).ShouldBe("");
    }

    [Fact]
    public void The_class_of_an_attribute_is_one_of_the_four_categories() =>
        typeof(PersonalDataAttribute)
            .Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(PersonalDataAttribute)))
            .Select(type => ((PersonalDataAttribute)Activator.CreateInstance(type)!).Classification)
            .Distinct()
            .ShouldBeSubsetOf(PolicyCategories());

    private static DataClassification[] PolicyCategories() =>
        [PolicyTaxonomy.IdentityData, PolicyTaxonomy.SecurityData, PolicyTaxonomy.ServiceData, PolicyTaxonomy.MessageContent];

    private static IRedactorProvider Redactors(byte[]? key) =>
        new ServiceCollection().AddWpAsisRedaction(key).BuildServiceProvider().GetRequiredService<IRedactorProvider>();

    private static string Redact(IRedactorProvider redactors, DataClassification category) =>
        redactors.GetRedactor(category).Redact("905321234567");
}
