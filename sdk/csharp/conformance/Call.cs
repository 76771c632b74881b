// A call of the driver, and its members.
using System;
using System.Collections.Generic;
using System.Linq;

internal sealed class Call
{
    private readonly IDictionary<string, object> members;

    internal Call(IDictionary<string, object> members)
    {
        this.members = members ?? throw new ArgumentException("A call is an object.");
    }

    internal string Name
    {
        get { return Text("call"); }
    }

    internal object Member(string name)
    {
        return members.TryGetValue(name, out object value) ? value : null;
    }

    internal string Text(string name)
    {
        return Member(name) as string;
    }

    internal double? Number(string name)
    {
        return Member(name) as double?;
    }

    internal bool Flag(string name)
    {
        return Member(name) as bool? == true;
    }

    internal long? Whole(string name)
    {
        double? number = Number(name);
        if (number.HasValue && number.Value != Math.Floor(number.Value))
        {
            throw new ArgumentException(name + " is no whole number.");
        }
        return (long?)number;
    }

    internal TimeSpan? Span(string name)
    {
        double? seconds = Number(name);
        try
        {
            return seconds.HasValue ? TimeSpan.FromSeconds(seconds.Value) : (TimeSpan?)null;
        }
        catch (OverflowException)
        {
            throw new ArgumentException(name + " is no duration.");
        }
    }

    internal IEnumerable<Call> Calls(string name)
    {
        var list = Member(name) as IEnumerable<object> ?? new object[0];
        return list.Select(item => new Call(item as IDictionary<string, object>));
    }
}
