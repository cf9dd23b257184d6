using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using WpAsis.AppHost;
using WpAsis.Privacy.Classification;
using WpAsis.Privacy.Subjects;

namespace WpAsis.Architecture.Tests;

/// <summary>What export and erasure derive from the declaration, and what they cannot reach.</summary>
public sealed class SubjectsTests
{
    public static TheoryData<string> Names => [.. Topology.Services.Where(service => service.HasDatabase).Select(service => service.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Whatever_a_service_holds_about_a_person_is_found_by_the_person(string service)
    {
        using var context = Contexts.Open(service, "Host=localhost;Database=model");

        SubjectPlan.Unreached(context.Model).ShouldBeEmpty();
    }

    // What could not be read, for 72 hours.
    private static readonly string[] Short = ["quarantine"];

    [Theory]
    [MemberData(nameof(Names))]
    public void No_table_is_read_from_end_to_end_to_find_a_person(string service)
    {
        using var context = Contexts.Open(service, "Host=localhost;Database=model");

        var scanned = SubjectPlan.Of(context.Model).Tables.Where(table => !IsIndexed(table.Entity, table.Condition.Split(' ')[0]));

        scanned.Select(table => table.Name).Except(Short, StringComparer.Ordinal).ShouldBeEmpty();
    }

    // Row-level security names the customer, so a key that begins with it is searched within that customer's rows.
    private static bool IsIndexed(IEntityType entity, string column)
    {
        var key = entity.FindPrimaryKey()!.Properties.Select(property => property.GetColumnName()).ToList();
        return key[0] == column
            || (key[0] == "tenant_id" && key[1] == column)
            || entity.GetIndexes().Any(index => index.Properties[0].GetColumnName() == column && index.GetFilter() is null);
    }

    [Theory]
    [InlineData("identity", "membership,membership_route,notice,session,account,sign_up")]
    [InlineData("messaging-gateway", "contact,media,send,message_log,thread")]
    [InlineData("ai-responder", "amendment,human_reply,quarantine,reply,turn,turn_message,turn_clock")]
    [InlineData("billing", "")]
    public void Erasure_goes_from_the_dependents_to_what_they_depend_on(string service, string tables)
    {
        using var context = Contexts.Open(service, "Host=localhost;Database=model");

        string.Join(',', SubjectPlan.Of(context.Model).Tables.Select(table => table.Name)).ShouldBe(tables);
    }

    [Theory]
    [InlineData("identity", "")]
    [InlineData("messaging-gateway", "opt_out")]
    [InlineData("ai-responder", "content_access")]
    [InlineData("billing", "")]
    public void What_is_held_is_a_short_list(string service, string tables)
    {
        using var context = Contexts.Open(service, "Host=localhost;Database=model");

        string.Join(',', SubjectPlan.Held(context.Model)).ShouldBe(tables);
    }

    [Fact]
    public void What_stays_as_a_count_loses_every_way_to_the_person()
    {
        using var context = Contexts.Open("messaging-gateway", "Host=localhost;Database=model");
        var log = SubjectPlan.Of(context.Model).Tables.Single(table => table.Name == "message_log");

        log.OnErase.ShouldBe(OnErase.Anonymise);
        log.EraseSql.ShouldBe(
            "update message_log set subject = '00000000-0000-0000-0000-000000000000', "
                + "thread_id = '00000000-0000-0000-0000-000000000000', wamid = null "
                + "where thread_id in (select id from thread where subject = $1)"
        );
    }

    [Fact]
    public void An_export_holds_no_credential_and_no_keyed_hash()
    {
        using var context = Contexts.Open("identity", "Host=localhost;Database=model");
        var account = SubjectPlan.Of(context.Model).Tables.Single(table => table.Name == "account");
        var columns = SubjectExport.ColumnsOf(account).ToList();

        columns.ShouldContain(column => column == "name");
        columns.ShouldContain(column => column == "email");
        columns.ShouldContain(column => column == "postalAddress");
        columns.ShouldNotContain(column => column == "passwordHash");
        columns.ShouldNotContain(column => column == "emailIndex");
        columns.ShouldNotContain(column => column == "securityStamp");
    }
}
