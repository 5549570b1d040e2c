import pytest
from schakel.kits.loading import load
from schakel.chain.needs import InformationNeed
def test_x(people):
    import time
    t=time.time()
    r=load(people["information_manager"],"starter")
    print(time.time()-t,len(r.added),len(r.changed),len(r.kept))
    t=time.time()
    r=load(people["information_manager"],"starter")
    print(time.time()-t,len(r.added),len(r.changed),len(r.kept),len(r.removed))
    for c in r.changed[:5]: print(c)
    print(InformationNeed.objects.filter(state="asked").count(), InformationNeed.objects.filter(state="refused").count())
